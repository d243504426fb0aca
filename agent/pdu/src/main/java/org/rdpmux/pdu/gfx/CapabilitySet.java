// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.gfx;

import io.netty.buffer.ByteBuf;
import org.rdpmux.pdu.Pdu;
import org.rdpmux.pdu.PduException;

/**
 * RDPGFX_CAPSET ([MS-RDPEGFX] 2.2.1.6 and 2.2.3): a version of the protocol with its flags.
 *
 * @param version one of those named here, or another
 * @param flags of that version; 0 where its data are no flags
 */
public record CapabilitySet(int version, int flags) implements Pdu {

    public static final int VERSION_8 = 0x0008_0004;
    public static final int VERSION_8_1 = 0x0008_0105;
    public static final int VERSION_10 = 0x000a_0002;
    /** Has 16 reserved bytes where the others have flags. */
    public static final int VERSION_10_1 = 0x000a_0100;

    public static final int VERSION_10_2 = 0x000a_0200;
    public static final int VERSION_10_3 = 0x000a_0301;
    public static final int VERSION_10_4 = 0x000a_0400;
    public static final int VERSION_10_5 = 0x000a_0502;
    public static final int VERSION_10_6 = 0x000a_0600;
    public static final int VERSION_10_7 = 0x000a_0701;

    /** Versions 8 and 8.1: the client has little memory, and progressive RemoteFX is not for it. */
    public static final int FLAG_THIN_CLIENT = 0x01;
    /** The client has 16 MB for pixels that it keeps, instead of 100. */
    public static final int FLAG_SMALL_CACHE = 0x02;
    /** Version 8.1: the client decodes AVC420. */
    public static final int FLAG_AVC420_ENABLED = 0x10;
    /** From version 10 on: the client decodes no AVC. */
    public static final int FLAG_AVC_DISABLED = 0x20;
    /** From version 10.3 on. Contradicts {@link #FLAG_AVC_DISABLED}. */
    public static final int FLAG_AVC_THIN_CLIENT = 0x40;

    private static final String NAME = "RDPGFX_CAPSET";
    private static final int FLAGS_SIZE = 4;
    private static final int RESERVED_SIZE = 16;

    static CapabilitySet decode(ByteBuf in) {
        PduException.need(in, 8, NAME, "version");
        int version = in.readIntLE(); // 4 bytes
        long length = in.readUnsignedIntLE(); // 4 bytes
        PduException.range(length, 0, in.readableBytes(), NAME, "capsDataLength");
        ByteBuf data = in.readSlice((int) length);
        boolean hasFlags = version != VERSION_10_1 && data.readableBytes() >= FLAGS_SIZE;
        return new CapabilitySet(
                version, hasFlags ? data.readIntLE() : 0); // 4 bytes; what later versions add is unknown
    }

    public boolean has(int flag) {
        return (flags & flag) != 0;
    }

    /**
     * Whether the client decodes H.264 with one luma and subsampled chroma: from version 10 on it does unless it says no. Version
     * 10.1 has no flags, and FreeRDP advertises it whether it decodes or not.
     */
    public boolean decodesAvc420() {
        return version == VERSION_8_1 && has(FLAG_AVC420_ENABLED)
                || version >= VERSION_10 && version != VERSION_10_1 && !has(FLAG_AVC_DISABLED);
    }

    /** Whether the client has 16 MB for pixels that it keeps (2.2.3), instead of 100. */
    public boolean hasSmallCache() {
        return has(FLAG_SMALL_CACHE | FLAG_AVC_THIN_CLIENT) || version < VERSION_10 && has(FLAG_THIN_CLIENT);
    }

    @Override
    public int size() {
        return 8 + dataSize();
    }

    private int dataSize() {
        return version == VERSION_10_1 ? RESERVED_SIZE : FLAGS_SIZE;
    }

    @Override
    public void encode(ByteBuf out) {
        out.writeIntLE(version).writeIntLE(dataSize());
        if (version == VERSION_10_1) {
            out.writeZero(RESERVED_SIZE);
        } else {
            out.writeIntLE(flags);
        }
    }
}
