// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.gcc;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.Arrays;
import org.rdpmux.pdu.Pdu;
import org.rdpmux.pdu.PduException;
import org.rdpmux.pdu.Per;

/** GCC Conference Create Response ([T124] 8.7; [MS-RDPBCGR] 2.2.1.4): a constant wrapping around the server's blocks. */
public record ConferenceCreateResponse(ServerBlocks blocks) implements Pdu {

    private static final String NAME = "ConferenceCreateResponse";
    /** ConnectGCCPDU, node 0x79f3, tag 1, result success, one set of user data, its key "McDn". */
    private static final byte[] HEADER = {0x14, 0x76, 0x0a, 1, 1, 0, 1, (byte) 0xc0, 0, 'M', 'c', 'D', 'n'};

    public static ConferenceCreateResponse decode(ByteBuf in) {
        PduException.need(in, ConferenceCreateRequest.T124_KEY.length, NAME, "key");
        in.skipBytes(ConferenceCreateRequest.T124_KEY.length); // 7 bytes
        Per.readLength(in, NAME, "connectPDU"); // 1 or 2 bytes, to be ignored
        PduException.need(in, HEADER.length, NAME, "nodeID");
        byte[] header = ByteBufUtil.getBytes(in.readSlice(HEADER.length)); // 13 bytes
        if (!Arrays.equals(header, 9, 13, HEADER, 9, 13)) {
            throw new PduException(NAME, "h221NonStandard", "is not \"McDn\"");
        }
        int length = Per.readLength(in, NAME, "userData"); // 1 or 2 bytes
        PduException.need(in, length, NAME, "userData");
        return new ConferenceCreateResponse(ServerBlocks.decode(in.readSlice(length)));
    }

    private int enclosed() {
        return HEADER.length + Per.lengthSize(blocks.size()) + blocks.size();
    }

    @Override
    public int size() {
        return ConferenceCreateRequest.T124_KEY.length + Per.lengthSize(enclosed()) + enclosed();
    }

    @Override
    public void encode(ByteBuf out) {
        out.writeBytes(ConferenceCreateRequest.T124_KEY);
        Per.writeLength(out, enclosed());
        out.writeBytes(HEADER);
        Per.writeLength(out, blocks.size());
        blocks.encode(out);
    }
}
