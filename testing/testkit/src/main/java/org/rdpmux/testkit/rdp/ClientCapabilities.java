// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.testkit.rdp;

import java.util.ArrayList;
import java.util.List;
import org.rdpmux.pdu.caps.BitmapCapability;
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
import org.rdpmux.pdu.share.ConfirmActive;
import org.rdpmux.pdu.share.DemandActive;

/** The client's answer to Demand Active. */
final class ClientCapabilities {

    private static final int OLD_CLIENTS_POINTERS = 20;

    private ClientCapabilities() {}

    /** The desktop's size as the server demands it. */
    record Desktop(int width, int height) {}

    static Desktop desktop(DemandActive demand) {
        BitmapCapability bitmap = CapabilitySet.find(demand.capabilities(), BitmapCapability.class)
                .orElseThrow(() -> new IllegalStateException("Demand Active without a bitmap set"));
        return new Desktop(bitmap.desktopWidth(), bitmap.desktopHeight());
    }

    static ConfirmActive confirm(ClientOptions options, int user, DemandActive demand) {
        ClientOptions.Graphics graphics = options.graphics();
        Desktop desktop = desktop(demand);
        int extra = GeneralCapability.LONG_CREDENTIALS_SUPPORTED
                | (graphics.fastPath() ? GeneralCapability.FASTPATH_OUTPUT_SUPPORTED : 0)
                | (graphics.compressionHeader() ? 0 : GeneralCapability.NO_BITMAP_COMPRESSION_HDR);
        List<CapabilitySet> sets = new ArrayList<>();
        sets.add(new GeneralCapability(1, 3, extra, false, false));
        sets.add(new BitmapCapability(
                graphics.bitsPerPixel(),
                desktop.width(),
                desktop.height(),
                options.desktop().resizable(),
                true,
                BitmapCapability.DRAW_ALLOW_SKIP_ALPHA | BitmapCapability.DRAW_ALLOW_DYNAMIC_COLOR_FIDELITY));
        sets.add(new OrderCapability(OrderCapability.NEGOTIATEORDERSUPPORT | OrderCapability.ZEROBOUNDSDELTASSUPPORT));
        sets.add(new PointerCapability(
                true,
                graphics.pointerCacheSize() == 0 ? OLD_CLIENTS_POINTERS : graphics.pointerCacheSize(),
                graphics.pointerCacheSize()));
        sets.add(new InputCapability(
                InputCapability.SCANCODES
                        | InputCapability.MOUSEX
                        | InputCapability.UNICODE
                        | InputCapability.FASTPATH_INPUT2
                        | InputCapability.MOUSE_HWHEEL,
                0x409,
                4,
                0,
                12));
        sets.add(new VirtualChannelCapability(0, VirtualChannelCapability.DEFAULT_CHUNK_SIZE));
        sets.add(OtherCapability.share(0));
        sets.add(OtherCapability.font());
        sets.add(OtherCapability.control());
        sets.add(OtherCapability.windowActivation());
        if (graphics.maxUpdateSize() != 0) {
            sets.add(new MultifragmentUpdateCapability(graphics.maxUpdateSize()));
        }
        if (graphics.largePointerFlags() != 0) {
            sets.add(new LargePointerCapability(graphics.largePointerFlags()));
        }
        if (graphics.acknowledgeFrames()) {
            sets.add(new SurfaceCommandsCapability(
                    SurfaceCommandsCapability.SET_SURFACE_BITS | SurfaceCommandsCapability.FRAME_MARKER));
            sets.add(new FrameAcknowledgeCapability(2));
        }
        return new ConfirmActive(user, demand.shareId(), sets);
    }
}
