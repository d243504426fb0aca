// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.testkit.rdp;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.rdpmux.pdu.Pdu;
import org.rdpmux.pdu.dvc.DynamicChannelPdu;
import org.rdpmux.pdu.mcs.SendData;
import org.rdpmux.pdu.share.Control;
import org.rdpmux.pdu.share.DataBody;
import org.rdpmux.pdu.share.DemandActive;
import org.rdpmux.pdu.share.FontList;
import org.rdpmux.pdu.share.InclusiveRect;
import org.rdpmux.pdu.share.RefreshRect;
import org.rdpmux.pdu.share.ShareDataPdu;
import org.rdpmux.pdu.share.ShutdownRequest;
import org.rdpmux.pdu.share.SuppressOutput;
import org.rdpmux.pdu.share.Synchronize;
import org.rdpmux.pdu.x224.DataFrame;

/** Frames and sends what a client says while a share is active. Safe for all threads. */
final class Uplink {

    private final RdpWire wire;
    private final Handshake.Result agreed;
    private final OptionalInt dynamicChannel;
    private volatile int shareId;

    /** @param channels the static channels that were asked for, in their order */
    Uplink(RdpWire wire, Handshake.Result agreed, List<String> channels) {
        int place = channels.indexOf(DynamicChannelPdu.STATIC_CHANNEL);
        dynamicChannel = place < 0
                ? OptionalInt.empty()
                : OptionalInt.of(agreed.server().channels().get(place));
        this.wire = wire;
        this.agreed = agreed;
    }

    void begin(int newShareId) {
        shareId = newShareId;
    }

    int shareId() {
        return shareId;
    }

    void send(Pdu pdu) {
        try {
            wire.send(pdu);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void send(byte[] bytes) {
        try {
            wire.send(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether dynamic virtual channels travel in this one. */
    boolean isDynamic(int channelId) {
        return dynamicChannel.isPresent() && dynamicChannel.getAsInt() == channelId;
    }

    /** A chunk for that channel. */
    Pdu dynamic(Pdu chunk) {
        return DataFrame.of(SendData.request(agreed.userChannel(), dynamicChannel.orElseThrow(), chunk.size()), chunk);
    }

    /** Anything for the I/O channel. */
    Pdu io(Pdu payload) {
        return DataFrame.of(
                SendData.request(agreed.userChannel(), agreed.server().ioChannel(), payload.size()), payload);
    }

    Pdu share(DataBody body) {
        return io(new ShareDataPdu(shareId, agreed.userChannel(), body));
    }

    void wantOutput(Optional<InclusiveRect> visible) {
        send(share(new SuppressOutput(visible)));
    }

    void refresh(List<InclusiveRect> areas) {
        send(share(new RefreshRect(areas)));
    }

    void requestShutdown() {
        send(share(new ShutdownRequest()));
    }

    /** What a client answers a Demand Active PDU with ([MS-RDPBCGR] 1.3.1.1). */
    List<Pdu> activation(ClientOptions options, DemandActive demand) {
        return List.of(
                io(ClientCapabilities.confirm(options, agreed.userChannel(), demand)),
                share(new Synchronize(demand.source())),
                share(new Control(Control.COOPERATE, 0, 0)),
                share(new Control(Control.REQUEST_CONTROL, 0, 0)),
                share(new FontList()));
    }
}
