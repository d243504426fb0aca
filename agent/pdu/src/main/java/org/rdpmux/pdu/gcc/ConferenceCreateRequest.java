// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.gcc;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.Arrays;
import org.rdpmux.pdu.Pdu;
import org.rdpmux.pdu.PduException;
import org.rdpmux.pdu.Per;

/** GCC Conference Create Request ([T124] 8.7; [MS-RDPBCGR] 2.2.1.3): a constant wrapping around the client's blocks. */
public record ConferenceCreateRequest(ClientBlocks blocks) implements Pdu {

    private static final String NAME = "ConferenceCreateRequest";
    /** Key: object identifier { itu-t recommendation t 124 version 0 1 }. */
    static final byte[] T124_KEY = {0, 5, 0, 0x14, 0x7c, 0, 1};
    /** ConnectGCCPDU with user data, conference name "1", one set of user data, its key "Duca". */
    private static final byte[] HEADER = {0, 8, 0, 0x10, 0, 1, (byte) 0xc0, 0, 'D', 'u', 'c', 'a'};

    public static ConferenceCreateRequest decode(ByteBuf in) {
        PduException.need(in, T124_KEY.length, NAME, "key");
        byte[] key = ByteBufUtil.getBytes(in.readSlice(T124_KEY.length)); // 7 bytes
        if (!Arrays.equals(key, T124_KEY)) {
            throw new PduException(NAME, "key", "is not T.124's");
        }
        Per.readLength(in, NAME, "connectPDU"); // 1 or 2 bytes; what it encloses reaches to the end
        PduException.need(in, HEADER.length, NAME, "conferenceName");
        byte[] header = ByteBufUtil.getBytes(in.readSlice(HEADER.length)); // 12 bytes
        if (!Arrays.equals(header, 8, 12, HEADER, 8, 12)) {
            throw new PduException(NAME, "h221NonStandard", "is not \"Duca\"");
        }
        int length = Per.readLength(in, NAME, "userData"); // 1 or 2 bytes
        PduException.need(in, length, NAME, "userData");
        return new ConferenceCreateRequest(ClientBlocks.decode(in.readSlice(length)));
    }

    private int enclosed() {
        return HEADER.length + Per.lengthSize(blocks.size()) + blocks.size();
    }

    @Override
    public int size() {
        return T124_KEY.length + Per.lengthSize(enclosed()) + enclosed();
    }

    @Override
    public void encode(ByteBuf out) {
        out.writeBytes(T124_KEY);
        Per.writeLength(out, enclosed());
        out.writeBytes(HEADER);
        Per.writeLength(out, blocks.size());
        blocks.encode(out);
    }
}
