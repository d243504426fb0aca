// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.connection;

import java.util.List;
import org.rdpmux.pdu.caps.BitmapCapability;
import org.rdpmux.pdu.caps.BitmapCodecsCapability;
import org.rdpmux.pdu.caps.CapabilitySet;
import org.rdpmux.pdu.caps.FrameAcknowledgeCapability;
import org.rdpmux.pdu.caps.GeneralCapability;
import org.rdpmux.pdu.caps.InputCapability;
import org.rdpmux.pdu.caps.LargePointerCapability;
import org.rdpmux.pdu.caps.MultifragmentUpdateCapability;
import org.rdpmux.pdu.caps.OrderCapability;
import org.rdpmux.pdu.caps.OtherCapability;
import org.rdpmux.pdu.caps.PointerCapability;
import org.rdpmux.pdu.caps.SurfaceCommandsCapability;
import org.rdpmux.pdu.caps.VirtualChannelCapability;

/** What this server says it can do. */
final class ServerCapabilities {

    private static final int OS_MAJOR_UNIX = 4;
    private static final int OS_MINOR_NATIVE_X11 = 7;
    /** As many as Windows servers use. */
    private static final int POINTER_CACHE_SIZE = 25;

    private ServerCapabilities() {}

    static List<CapabilitySet> of(KnownClient client, Inbound.DesktopSize size) {
        return List.of(
                OtherCapability.share(Share.SERVER_CHANNEL),
                new GeneralCapability(
                        OS_MAJOR_UNIX,
                        OS_MINOR_NATIVE_X11,
                        GeneralCapability.FASTPATH_OUTPUT_SUPPORTED
                                | GeneralCapability.LONG_CREDENTIALS_SUPPORTED
                                | GeneralCapability.NO_BITMAP_COMPRESSION_HDR,
                        true,
                        true),
                new BitmapCapability(
                        ProfileReader.bitsPerPixel(client.core()),
                        size.width(),
                        size.height(),
                        true,
                        true,
                        BitmapCapability.DRAW_ALLOW_SKIP_ALPHA | BitmapCapability.DRAW_ALLOW_DYNAMIC_COLOR_FIDELITY),
                new OrderCapability(OrderCapability.NEGOTIATEORDERSUPPORT | OrderCapability.ZEROBOUNDSDELTASSUPPORT),
                OtherCapability.font(),
                new PointerCapability(true, POINTER_CACHE_SIZE, POINTER_CACHE_SIZE),
                new InputCapability(
                        InputCapability.SCANCODES
                                | InputCapability.MOUSEX
                                | InputCapability.UNICODE
                                | InputCapability.FASTPATH_INPUT
                                | InputCapability.FASTPATH_INPUT2
                                | InputCapability.MOUSE_RELATIVE
                                | InputCapability.MOUSE_HWHEEL,
                        0,
                        0,
                        0,
                        0),
                new VirtualChannelCapability(0, VirtualChannelCapability.DEFAULT_CHUNK_SIZE),
                new MultifragmentUpdateCapability(client.config().maxUpdateSize()),
                new LargePointerCapability(
                        LargePointerCapability.LARGE_POINTER_96X96 | LargePointerCapability.LARGE_POINTER_384X384),
                new SurfaceCommandsCapability(SurfaceCommandsCapability.SET_SURFACE_BITS
                        | SurfaceCommandsCapability.STREAM_SURFACE_BITS
                        | SurfaceCommandsCapability.FRAME_MARKER),
                BitmapCodecsCapability.ofServer(),
                new FrameAcknowledgeCapability(client.config().unacknowledgedFrames()));
    }
}
