// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.caps;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.rdpmux.pdu.Pdu;
import org.rdpmux.pdu.PduException;

/**
 * TS_CAPS_SET ([MS-RDPBCGR] 2.2.1.13.1.1.1). {@link #size} and {@link #encode} are those of the contents, behind the
 * header of four bytes; {@link #encodeAll} writes the header.
 */
public sealed interface CapabilitySet extends Pdu
        permits GeneralCapability,
                BitmapCapability,
                OrderCapability,
                PointerCapability,
                InputCapability,
                VirtualChannelCapability,
                MultifragmentUpdateCapability,
                LargePointerCapability,
                SurfaceCommandsCapability,
                BitmapCodecsCapability,
                FrameAcknowledgeCapability,
                OtherCapability {

    int GENERAL = 0x01;
    int BITMAP = 0x02;
    int ORDER = 0x03;
    int BITMAP_CACHE = 0x04;
    int CONTROL = 0x05;
    int WINDOW_ACTIVATION = 0x07;
    int POINTER = 0x08;
    int SHARE = 0x09;
    int COLOR_CACHE = 0x0a;
    int SOUND = 0x0c;
    int INPUT = 0x0d;
    int FONT = 0x0e;
    int BRUSH = 0x0f;
    int GLYPH_CACHE = 0x10;
    int OFFSCREEN_CACHE = 0x11;
    int BITMAP_CACHE_HOST_SUPPORT = 0x12;
    int BITMAP_CACHE_V2 = 0x13;
    int VIRTUAL_CHANNEL = 0x14;
    int MULTIFRAGMENT_UPDATE = 0x1a;
    int LARGE_POINTER = 0x1b;
    int SURFACE_COMMANDS = 0x1c;
    int BITMAP_CODECS = 0x1d;
    int FRAME_ACKNOWLEDGE = 0x1e;

    /** capabilitySetType 2, lengthCapability 2. */
    int HEADER_SIZE = 4;

    /** capabilitySetType. */
    int type();

    /**
     * Reads sets to the end of {@code in}. How many there are is told by their lengths: the count that clients send
     * along is wrong with some of them. A set shorter than its header ends the list.
     *
     * @throws PduException if a set is cut off, or one with a record here lacks its fields
     */
    static List<CapabilitySet> decodeAll(ByteBuf in) {
        List<CapabilitySet> sets = new ArrayList<>();
        while (in.readableBytes() >= HEADER_SIZE) {
            int type = in.readUnsignedShortLE(); // 2 bytes
            int length = in.readUnsignedShortLE(); // 2 bytes, this header included
            if (length < HEADER_SIZE) {
                break;
            }
            PduException.need(in, length - HEADER_SIZE, "TS_CAPS_SET", "lengthCapability");
            sets.add(decode(type, in.readSlice(length - HEADER_SIZE)));
        }
        in.skipBytes(in.readableBytes());
        return sets;
    }

    private static CapabilitySet decode(int type, ByteBuf in) {
        return switch (type) {
            case GENERAL -> GeneralCapability.decode(in);
            case BITMAP -> BitmapCapability.decode(in);
            case ORDER -> OrderCapability.decode(in);
            case POINTER -> PointerCapability.decode(in);
            case INPUT -> InputCapability.decode(in);
            case VIRTUAL_CHANNEL -> VirtualChannelCapability.decode(in);
            case MULTIFRAGMENT_UPDATE -> MultifragmentUpdateCapability.decode(in);
            case LARGE_POINTER -> LargePointerCapability.decode(in);
            case SURFACE_COMMANDS -> SurfaceCommandsCapability.decode(in);
            case BITMAP_CODECS -> BitmapCodecsCapability.decode(in);
            case FRAME_ACKNOWLEDGE -> FrameAcknowledgeCapability.decode(in);
            default -> OtherCapability.decode(type, in);
        };
    }

    /** Bytes {@link #encodeAll} writes. */
    static int sizeOfAll(List<CapabilitySet> sets) {
        int size = 0;
        for (CapabilitySet set : sets) {
            size += HEADER_SIZE + set.size();
        }
        return size;
    }

    /** Writes each set behind its header. */
    static void encodeAll(List<CapabilitySet> sets, ByteBuf out) {
        for (CapabilitySet set : sets) {
            out.writeShortLE(set.type()).writeShortLE(HEADER_SIZE + set.size());
            set.encode(out);
        }
    }

    /** The last set of a type, if there is one. */
    static <T extends CapabilitySet> Optional<T> find(List<CapabilitySet> sets, Class<T> type) {
        return sets.stream().filter(type::isInstance).map(type::cast).reduce((first, last) -> last);
    }
}
