// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.dvc;

import io.netty.buffer.ByteBuf;
import org.rdpmux.pdu.Pdu;

/**
 * What the two ends of {@code drdynvc} say to each other ([MS-RDPEDYC] 2.2). All begin with one byte: cbId 2 bits, Sp 2 bits,
 * Cmd 4 bits. Those that carry data are headers: the data follows them up to the end of the static channel's message.
 */
public sealed interface DynamicChannelPdu extends Pdu
        permits Capabilities,
                CapabilitiesResponse,
                CreateRequest,
                CreateResponse,
                DataFirst,
                Data,
                DataFirstCompressed,
                DataCompressed,
                Close,
                OtherPdu {

    /** The name of the static channel. */
    String STATIC_CHANNEL = "drdynvc";

    /** Bytes of data that one PDU carries: longer messages are fragmented (2.2.3.1). */
    int MAX_DATA = 1590;

    int CREATE = 1;
    int DATA_FIRST = 2;
    int DATA = 3;
    int CLOSE = 4;
    int CAPABILITIES = 5;
    int DATA_FIRST_COMPRESSED = 6;
    int DATA_COMPRESSED = 7;

    /** Reads a PDU that a client sent; data stays in {@code in}, and so do bytes behind the fields. */
    static DynamicChannelPdu decodeFromClient(ByteBuf in) {
        PduHeader header = PduHeader.decode(in);
        return switch (header.command()) {
            case CAPABILITIES -> CapabilitiesResponse.decode(in);
            case CREATE -> CreateResponse.decode(header, in);
            default -> decodeFromEither(header, in);
        };
    }

    /** Reads a PDU that a server sent; see {@link #decodeFromClient}. */
    static DynamicChannelPdu decodeFromServer(ByteBuf in) {
        PduHeader header = PduHeader.decode(in);
        return switch (header.command()) {
            case CAPABILITIES -> Capabilities.decode(in);
            case CREATE -> CreateRequest.decode(header, in);
            default -> decodeFromEither(header, in);
        };
    }

    private static DynamicChannelPdu decodeFromEither(PduHeader header, ByteBuf in) {
        return switch (header.command()) {
            case DATA_FIRST -> DataFirst.decode(header, in);
            case DATA -> new Data(header.channelId(in));
            case CLOSE -> new Close(header.channelId(in));
            case DATA_FIRST_COMPRESSED -> DataFirstCompressed.decode(header, in);
            case DATA_COMPRESSED -> new DataCompressed(header.channelId(in));
            default -> new OtherPdu(header.command());
        };
    }

    /** Refuses ids that the wire cannot carry. */
    static void checkChannelId(long channelId) {
        if (channelId < 0 || channelId > VariableUint.MAX) {
            throw new IllegalArgumentException("channel id " + channelId);
        }
    }
}
