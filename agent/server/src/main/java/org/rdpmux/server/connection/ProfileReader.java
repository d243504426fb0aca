// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.connection;

import java.util.List;
import java.util.Optional;
import org.rdpmux.pdu.caps.BitmapCapability;
import org.rdpmux.pdu.caps.BitmapCodecsCapability;
import org.rdpmux.pdu.caps.CapabilitySet;
import org.rdpmux.pdu.caps.FrameAcknowledgeCapability;
import org.rdpmux.pdu.caps.GeneralCapability;
import org.rdpmux.pdu.caps.InputCapability;
import org.rdpmux.pdu.caps.LargePointerCapability;
import org.rdpmux.pdu.caps.MultifragmentUpdateCapability;
import org.rdpmux.pdu.caps.PointerCapability;
import org.rdpmux.pdu.caps.SurfaceCommandsCapability;
import org.rdpmux.pdu.fastpath.FastPathHeaders;
import org.rdpmux.pdu.gcc.ClientCoreData;
import org.rdpmux.pdu.gcc.ClientCoreData.Tail;

/** Makes a profile of what a client says about itself. A set that is missing counts as the least it could say. */
final class ProfileReader {

    private ProfileReader() {}

    static ClientProfile read(KnownClient client, Inbound.DesktopSize size, List<CapabilitySet> sets) {
        BitmapCapability bitmap = CapabilitySet.find(sets, BitmapCapability.class)
                .orElse(new BitmapCapability(0, size.width(), size.height(), false, true, 0));
        ClientProfile.Graphics graphics = graphics(client, bitmap, sets);
        return new ClientProfile(
                client.identity(),
                new ClientProfile.Desktop(
                        size.width(),
                        size.height(),
                        bitmap.desktopResize(),
                        bitmap.desktopWidth(),
                        bitmap.desktopHeight()),
                graphics,
                pointer(graphics, sets),
                input(sets),
                client.domain().staticChannels());
    }

    private static ClientProfile.Graphics graphics(
            KnownClient client, BitmapCapability bitmap, List<CapabilitySet> sets) {
        GeneralCapability general =
                CapabilitySet.find(sets, GeneralCapability.class).orElse(new GeneralCapability(0, 0, 0, false, false));
        boolean fastPath = general.has(GeneralCapability.FASTPATH_OUTPUT_SUPPORTED);
        SurfaceCommandsCapability commands =
                CapabilitySet.find(sets, SurfaceCommandsCapability.class).orElse(new SurfaceCommandsCapability(0));
        boolean markers = fastPath && commands.has(SurfaceCommandsCapability.FRAME_MARKER);
        boolean surfaceBits =
                fastPath && bitmap.compression() && commands.has(SurfaceCommandsCapability.SET_SURFACE_BITS);
        Optional<FrameAcknowledgeCapability> acknowledge = CapabilitySet.find(sets, FrameAcknowledgeCapability.class);
        long unacknowledged = acknowledge
                .map(FrameAcknowledgeCapability::maxUnacknowledgedFrames)
                .orElse(0L);
        int bitsPerPixel = bitsPerPixel(client.core());
        return new ClientProfile.Graphics(
                bitsPerPixel,
                fastPath,
                bitmap.compression(),
                (bitmap.drawingFlags() & BitmapCapability.DRAW_ALLOW_SKIP_ALPHA) != 0,
                (bitmap.drawingFlags() & BitmapCapability.DRAW_ALLOW_DYNAMIC_COLOR_FIDELITY) != 0,
                !general.has(GeneralCapability.NO_BITMAP_COMPRESSION_HDR),
                bitsPerPixel == 32 && client.core().tail().has(Tail.SUPPORT_DYNVC_GFX_PROTOCOL),
                fastPath ? maxUpdateSize(client, sets) : 0,
                new ClientProfile.Frames(
                        markers, markers && acknowledge.isPresent(), (int) Math.min(unacknowledged, Integer.MAX_VALUE)),
                CapabilitySet.find(sets, BitmapCodecsCapability.class)
                        .filter(codecs -> surfaceBits)
                        .flatMap(SurfaceCodec::of));
    }

    /** A value below one fast-path PDU is how some small clients say that they take no fragments at all. */
    private static int maxUpdateSize(KnownClient client, List<CapabilitySet> sets) {
        long size = CapabilitySet.find(sets, MultifragmentUpdateCapability.class)
                .map(MultifragmentUpdateCapability::maxRequestSize)
                .orElse(0L);
        return size < FastPathHeaders.MAX_PDU
                ? 0
                : (int) Math.min(size, client.config().maxUpdateSize());
    }

    private static ClientProfile.Pointer pointer(ClientProfile.Graphics graphics, List<CapabilitySet> sets) {
        PointerCapability pointer =
                CapabilitySet.find(sets, PointerCapability.class).orElse(new PointerCapability(true, 0, 0));
        int flags = CapabilitySet.find(sets, LargePointerCapability.class)
                .map(LargePointerCapability::flags)
                .orElse(0);
        LargePointerCapability large = new LargePointerCapability(flags);
        return new ClientProfile.Pointer(
                pointer.colorPointerCacheSize(),
                pointer.pointerCacheSize(),
                large.has(LargePointerCapability.LARGE_POINTER_96X96),
                large.has(LargePointerCapability.LARGE_POINTER_384X384)
                        && graphics.maxUpdateSize() >= ConnectionConfig.MIN_UPDATE_SIZE);
    }

    private static ClientProfile.Input input(List<CapabilitySet> sets) {
        InputCapability input =
                CapabilitySet.find(sets, InputCapability.class).orElse(new InputCapability(0, 0, 0, 0, 0));
        return new ClientProfile.Input(
                input.has(InputCapability.UNICODE),
                input.has(InputCapability.MOUSEX),
                input.has(InputCapability.MOUSE_HWHEEL),
                input.has(InputCapability.MOUSE_RELATIVE));
    }

    /**
     * The depth the client wants for bitmaps, out of the five ways it has to say so: the newest one counts. What it
     * merely supports does not. Palettes are not served: who wants 8 bits or fewer gets 16.
     */
    static int bitsPerPixel(ClientCoreData core) {
        Tail tail = core.tail();
        if (tail.has(Tail.WANT_32BPP_SESSION)) {
            return 32;
        }
        if (tail.highColorDepth() != 0) {
            return switch (tail.highColorDepth()) {
                case 15 -> 15;
                case 24 -> 24;
                default -> 16;
            };
        }
        return switch (tail.postBeta2ColorDepth()) {
            case Tail.COLOR_16BPP_555 -> 15;
            case Tail.COLOR_24BPP -> 24;
            default -> 16;
        };
    }
}
