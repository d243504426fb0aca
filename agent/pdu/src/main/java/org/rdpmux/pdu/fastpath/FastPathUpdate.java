// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.fastpath;

import io.netty.buffer.ByteBuf;
import java.util.Objects;
import org.rdpmux.pdu.Pdu;
import org.rdpmux.pdu.PduException;
import org.rdpmux.pdu.fastpath.FastPathHeaders.Fragmentation;

/**
 * TS_FP_UPDATE ([MS-RDPBCGR] 2.2.9.1.2.1).
 *
 * @param updateCode see {@link UpdateCode}
 * @param compressionFlags of bulk compression, 0 if the update is not compressed
 * @param data the payload, or a fragment of it; not copied
 */
public record FastPathUpdate(int updateCode, Fragmentation fragmentation, int compressionFlags, byte[] data)
        implements Pdu {

    private static final String NAME = "TS_FP_UPDATE";
    private static final int COMPRESSION_USED = 2;

    public FastPathUpdate {
        Objects.requireNonNull(fragmentation);
        if (updateCode < 0 || updateCode > 15) {
            throw new IllegalArgumentException("update code " + updateCode);
        }
        if (data.length > 0xffff) {
            throw new IllegalArgumentException(data.length + " bytes of update");
        }
    }

    public static FastPathUpdate decode(ByteBuf in) {
        PduException.need(in, 1, NAME, "updateHeader");
        int header = in.readUnsignedByte(); // 1 byte: updateCode 4 bits, fragmentation 2 bits, compression 2 bits
        int compressionFlags = 0;
        if (header >> 6 == COMPRESSION_USED) {
            PduException.need(in, 1, NAME, "compressionFlags");
            compressionFlags = in.readUnsignedByte(); // 0 or 1 byte
        }
        PduException.need(in, 2, NAME, "size");
        int size = in.readUnsignedShortLE(); // 2 bytes
        PduException.need(in, size, NAME, "updateData");
        byte[] data = new byte[size];
        in.readBytes(data);
        return new FastPathUpdate(header & 15, Fragmentation.ofCode(header >> 4), compressionFlags, data);
    }

    @Override
    public int size() {
        return (compressionFlags != 0 ? 4 : 3) + data.length;
    }

    @Override
    public void encode(ByteBuf out) {
        boolean compressed = compressionFlags != 0;
        out.writeByte(updateCode | fragmentation.ordinal() << 4 | (compressed ? COMPRESSION_USED << 6 : 0));
        if (compressed) {
            out.writeByte(compressionFlags);
        }
        out.writeShortLE(data.length);
        out.writeBytes(data);
    }
}
