// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.gcc;

import io.netty.buffer.ByteBuf;
import java.util.OptionalInt;
import org.rdpmux.pdu.Pdu;
import org.rdpmux.pdu.PduException;

/**
 * The settings a client sends with its Conference Create Request ([MS-RDPBCGR] 2.2.1.3). Blocks that have no record here
 * (security, cluster, monitors: a console has none of these to give) or are unknown are passed over.
 *
 * @param core always there
 * @param network static virtual channels; no channels if the block is missing
 * @param messageChannel flags of TS_UD_CS_MCS_MSGCHANNEL; empty if the client sent no such block
 * @param multitransport flags of TS_UD_CS_MULTITRANSPORT; empty if the client sent no such block
 */
public record ClientBlocks(
        ClientCoreData core, ClientNetworkData network, OptionalInt messageChannel, OptionalInt multitransport)
        implements Pdu {

    private static final String HEADER = "TS_UD_HEADER";
    private static final int HEADER_SIZE = 4;
    private static final int CS_CORE = 0xc001;
    private static final int CS_SECURITY = 0xc002;
    private static final int CS_NET = 0xc003;
    private static final int CS_MCS_MSGCHANNEL = 0xc006;
    private static final int CS_MULTITRANSPORT = 0xc00a;

    /** encryptionMethods 4, extEncryptionMethods 4: none, under TLS. */
    private static final int SECURITY_SIZE = 8;

    static ClientBlocks decode(ByteBuf in) {
        ClientCoreData core = null;
        ClientNetworkData network = ClientNetworkData.NONE;
        OptionalInt messageChannel = OptionalInt.empty();
        OptionalInt multitransport = OptionalInt.empty();
        while (in.isReadable()) {
            PduException.need(in, HEADER_SIZE, HEADER, "type");
            int type = in.readUnsignedShortLE(); // 2 bytes
            int length = in.readUnsignedShortLE(); // 2 bytes, this header included
            PduException.range(length, HEADER_SIZE, 0xffff, HEADER, "length");
            PduException.need(in, length - HEADER_SIZE, HEADER, "length");
            ByteBuf block = in.readSlice(length - HEADER_SIZE);
            switch (type) {
                case CS_CORE -> core = ClientCoreData.decode(block);
                case CS_NET -> network = ClientNetworkData.decode(block);
                case CS_MCS_MSGCHANNEL -> messageChannel = OptionalInt.of(readFlags(block, "TS_UD_CS_MCS_MSGCHANNEL"));
                case CS_MULTITRANSPORT -> multitransport = OptionalInt.of(readFlags(block, "TS_UD_CS_MULTITRANSPORT"));
                default -> {} // the length says where the next one begins
            }
        }
        if (core == null) {
            throw new PduException("TS_UD_CS_CORE", "header", "is missing");
        }
        return new ClientBlocks(core, network, messageChannel, multitransport);
    }

    private static int readFlags(ByteBuf block, String structure) {
        PduException.need(block, 4, structure, "flags");
        return block.readIntLE(); // 4 bytes
    }

    @Override
    public int size() {
        return HEADER_SIZE
                + core.size()
                + HEADER_SIZE
                + SECURITY_SIZE
                + HEADER_SIZE
                + network.size()
                + (messageChannel.isPresent() ? HEADER_SIZE + 4 : 0)
                + (multitransport.isPresent() ? HEADER_SIZE + 4 : 0);
    }

    @Override
    public void encode(ByteBuf out) {
        out.writeShortLE(CS_CORE).writeShortLE(HEADER_SIZE + core.size());
        core.encode(out);
        out.writeShortLE(CS_SECURITY).writeShortLE(HEADER_SIZE + SECURITY_SIZE).writeZero(SECURITY_SIZE);
        out.writeShortLE(CS_NET).writeShortLE(HEADER_SIZE + network.size());
        network.encode(out);
        messageChannel.ifPresent(flags -> writeFlags(out, CS_MCS_MSGCHANNEL, flags));
        multitransport.ifPresent(flags -> writeFlags(out, CS_MULTITRANSPORT, flags));
    }

    private static void writeFlags(ByteBuf out, int type, int flags) {
        out.writeShortLE(type).writeShortLE(HEADER_SIZE + 4).writeIntLE(flags);
    }
}
