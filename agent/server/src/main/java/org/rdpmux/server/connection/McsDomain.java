// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.connection;

import io.netty.buffer.ByteBuf;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.rdpmux.pdu.Pdu;
import org.rdpmux.pdu.PduException;
import org.rdpmux.pdu.gcc.ClientBlocks;
import org.rdpmux.pdu.gcc.ClientNetworkData.ChannelDef;
import org.rdpmux.pdu.mcs.AttachUserConfirm;
import org.rdpmux.pdu.mcs.AttachUserRequest;
import org.rdpmux.pdu.mcs.ChannelJoinConfirm;
import org.rdpmux.pdu.mcs.ChannelJoinRequest;
import org.rdpmux.pdu.mcs.DisconnectProviderUltimatum;
import org.rdpmux.pdu.mcs.DomainPdu;
import org.rdpmux.pdu.mcs.ErectDomainRequest;
import org.rdpmux.pdu.mcs.SendData;
import org.rdpmux.pdu.x224.DataFrame;

/**
 * The MCS channels of a connection: I/O channel, one for each static virtual channel, the message channel if the client
 * knows it, the user channel. None of their numbers collide.
 *
 * @param channels static virtual channels in the client's order
 * @param hasMessageChannel the client asked for one
 */
record McsDomain(List<ChannelDef> channels, boolean hasMessageChannel) {

    static final int IO_CHANNEL = 1003;
    private static final int FIRST_STATIC_CHANNEL = IO_CHANNEL + 1;

    /** What a frame says once MCS is connected. */
    sealed interface Said {
        /** Something of MCS itself, answered by these PDUs. */
        record Control(List<Pdu> answers) implements Said {}

        /** The client leaves. */
        record Left() implements Said {}

        /** Data on a channel; {@code payload} is a slice of the frame. */
        record Data(int channelId, ByteBuf payload) implements Said {}
    }

    static McsDomain of(ClientBlocks client) {
        return new McsDomain(
                client.network().channels(), client.messageChannel().isPresent());
    }

    List<Integer> channelIds() {
        return List.copyOf(staticChannels().keySet());
    }

    /** The static virtual channels by their numbers, in the client's order. */
    Map<Integer, ChannelDef> staticChannels() {
        Map<Integer, ChannelDef> byId = new LinkedHashMap<>();
        for (ChannelDef channel : channels) {
            byId.put(FIRST_STATIC_CHANNEL + byId.size(), channel);
        }
        return byId;
    }

    OptionalInt messageChannel() {
        return hasMessageChannel ? OptionalInt.of(FIRST_STATIC_CHANNEL + channels.size()) : OptionalInt.empty();
    }

    boolean isMessageChannel(int channelId) {
        return hasMessageChannel && channelId == FIRST_STATIC_CHANNEL + channels.size();
    }

    int userChannel() {
        return FIRST_STATIC_CHANNEL + channels.size() + (hasMessageChannel ? 1 : 0);
    }

    boolean isStaticChannel(int channelId) {
        return channelId >= FIRST_STATIC_CHANNEL && channelId < FIRST_STATIC_CHANNEL + channels.size();
    }

    /** Reads a TPKT frame. Joins are answered at any time, in any order and number: clients differ. */
    Said read(ByteBuf frame) {
        ByteBuf payload = DataFrame.decodePayload(frame);
        DomainPdu pdu = DomainPdu.decode(payload);
        if (pdu instanceof SendData data) {
            if (data.indication()) {
                throw new PduException("DomainMCSPDU", "choice", "SendDataIndication from a client");
            }
            return new Said.Data(data.channelId(), payload.readSlice(data.length()));
        }
        if (pdu instanceof ErectDomainRequest) {
            return new Said.Control(List.of());
        }
        if (pdu instanceof AttachUserRequest) {
            return new Said.Control(List.of(DataFrame.of(new AttachUserConfirm(0, userChannel()))));
        }
        if (pdu instanceof ChannelJoinRequest join) {
            return new Said.Control(List.of(DataFrame.of(confirm(join))));
        }
        if (pdu instanceof DisconnectProviderUltimatum) {
            return new Said.Left();
        }
        throw new PduException("DomainMCSPDU", "choice", pdu.getClass().getSimpleName() + " from a client");
    }

    private ChannelJoinConfirm confirm(ChannelJoinRequest join) {
        int channel = join.channelId();
        boolean exists = channel >= IO_CHANNEL && channel <= userChannel();
        return exists
                ? new ChannelJoinConfirm(0, userChannel(), channel, channel)
                : new ChannelJoinConfirm(ChannelJoinConfirm.NO_SUCH_CHANNEL, userChannel(), channel, 0);
    }
}
