// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.gcc;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.rdpmux.pdu.Pdu;
import org.rdpmux.pdu.PduException;

/**
 * The settings a server sends with its Conference Create Response ([MS-RDPBCGR] 2.2.1.4): TS_UD_SC_CORE,
 * TS_UD_SC_SEC1 (no encryption: TLS does that), TS_UD_SC_NET and TS_UD_SC_MCS_MSGCHANNEL.
 *
 * @param version RDP version
 * @param requestedProtocols echo of the client's negotiation request
 * @param earlyCapabilityFlags the {@code RNS_UD_SC_} bits
 * @param ioChannel MCS channel of graphics and input
 * @param channels MCS channels of the static virtual channels, in the order the client named them
 * @param messageChannel only for clients that sent the corresponding block
 */
public record ServerBlocks(
        int version,
        int requestedProtocols,
        int earlyCapabilityFlags,
        int ioChannel,
        List<Integer> channels,
        OptionalInt messageChannel)
        implements Pdu {

    /** RNS_UD_SC_SKIP_CHANNELJOIN_SUPPORTED. */
    public static final int SKIP_CHANNELJOIN_SUPPORTED = 0x08;
    /** RDP 5 to 8. */
    public static final int VERSION_RDP5 = 0x00080004;

    private static final String HEADER = "TS_UD_HEADER";
    private static final int HEADER_SIZE = 4;
    private static final int SC_CORE = 0x0c01;
    private static final int SC_SECURITY = 0x0c02;
    private static final int SC_NET = 0x0c03;
    private static final int SC_MCS_MSGCHANNEL = 0x0c04;

    private static final int CORE_SIZE = 12;
    private static final int SECURITY_SIZE = 8;

    public ServerBlocks {
        channels = List.copyOf(channels);
        if (channels.size() > ClientNetworkData.MAX_CHANNELS) {
            throw new IllegalArgumentException(channels.size() + " channels");
        }
    }

    static ServerBlocks decode(ByteBuf in) {
        int version = 0;
        int requestedProtocols = 0;
        int earlyCapabilityFlags = 0;
        int ioChannel = 0;
        List<Integer> channels = new ArrayList<>();
        OptionalInt messageChannel = OptionalInt.empty();
        while (in.isReadable()) {
            PduException.need(in, HEADER_SIZE, HEADER, "type");
            int type = in.readUnsignedShortLE(); // 2 bytes
            int length = in.readUnsignedShortLE(); // 2 bytes, this header included
            PduException.range(length, HEADER_SIZE, 0xffff, HEADER, "length");
            PduException.need(in, length - HEADER_SIZE, HEADER, "length");
            ByteBuf block = in.readSlice(length - HEADER_SIZE);
            if (type == SC_CORE) {
                PduException.need(block, 4, "TS_UD_SC_CORE", "version");
                version = block.readIntLE(); // 4 bytes
                requestedProtocols = block.readableBytes() < 4 ? 0 : block.readIntLE(); // 0 or 4 bytes
                earlyCapabilityFlags = block.readableBytes() < 4 ? 0 : block.readIntLE(); // 0 or 4 bytes
            } else if (type == SC_SECURITY) {
                PduException.need(block, 8, "TS_UD_SC_SEC1", "encryptionMethod");
                PduException.expect(block.readIntLE(), 0, "TS_UD_SC_SEC1", "encryptionMethod"); // 4 bytes
                PduException.expect(block.readIntLE(), 0, "TS_UD_SC_SEC1", "encryptionLevel"); // 4 bytes
            } else if (type == SC_NET) {
                PduException.need(block, 4, "TS_UD_SC_NET", "MCSChannelId");
                ioChannel = block.readUnsignedShortLE(); // 2 bytes
                int count = block.readUnsignedShortLE(); // 2 bytes
                PduException.range(count, 0, ClientNetworkData.MAX_CHANNELS, "TS_UD_SC_NET", "channelCount");
                PduException.need(block, count * 2, "TS_UD_SC_NET", "channelIdArray");
                for (int i = 0; i < count; i++) {
                    channels.add(block.readUnsignedShortLE()); // 2 bytes
                }
            } else if (type == SC_MCS_MSGCHANNEL) {
                PduException.need(block, 2, "TS_UD_SC_MCS_MSGCHANNEL", "MCSChannelID");
                messageChannel = OptionalInt.of(block.readUnsignedShortLE()); // 2 bytes
            }
        }
        return new ServerBlocks(version, requestedProtocols, earlyCapabilityFlags, ioChannel, channels, messageChannel);
    }

    private int networkSize() {
        return 4 + (channels.size() + 1) / 2 * 4; // an odd number of channels is padded
    }

    @Override
    public int size() {
        return HEADER_SIZE
                + CORE_SIZE
                + HEADER_SIZE
                + SECURITY_SIZE
                + HEADER_SIZE
                + networkSize()
                + (messageChannel.isPresent() ? HEADER_SIZE + 2 : 0);
    }

    @Override
    public void encode(ByteBuf out) {
        out.writeShortLE(SC_CORE).writeShortLE(HEADER_SIZE + CORE_SIZE);
        out.writeIntLE(version).writeIntLE(requestedProtocols).writeIntLE(earlyCapabilityFlags);
        out.writeShortLE(SC_SECURITY).writeShortLE(HEADER_SIZE + SECURITY_SIZE);
        out.writeIntLE(0).writeIntLE(0);
        out.writeShortLE(SC_NET).writeShortLE(HEADER_SIZE + networkSize());
        out.writeShortLE(ioChannel).writeShortLE(channels.size());
        channels.forEach(out::writeShortLE);
        if (channels.size() % 2 != 0) {
            out.writeShortLE(0);
        }
        if (messageChannel.isPresent()) {
            out.writeShortLE(SC_MCS_MSGCHANNEL).writeShortLE(HEADER_SIZE + 2);
            out.writeShortLE(messageChannel.getAsInt());
        }
    }
}
