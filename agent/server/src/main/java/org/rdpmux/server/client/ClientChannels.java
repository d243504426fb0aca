// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.client;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.rdpmux.pdu.Pdu;
import org.rdpmux.pdu.gcc.ClientNetworkData.ChannelDef;
import org.rdpmux.pdu.mcs.SendData;
import org.rdpmux.pdu.x224.DataFrame;
import org.rdpmux.server.channel.DynamicChannels;
import org.rdpmux.server.channel.EchoChannel;
import org.rdpmux.server.channel.Outgoing;
import org.rdpmux.server.channel.Priority;
import org.rdpmux.server.channel.ReassemblyBudget;
import org.rdpmux.server.channel.StaticChannels;
import org.rdpmux.server.client.OutputScheduler.Kind;
import org.rdpmux.server.connection.Action;
import org.rdpmux.server.connection.Share;

/**
 * One client's virtual channels, tied to its loop: chunks go in, what the channels say goes out through {@link ClientOutput},
 * and a timer runs while an answer of the client's is due. Lives on the client's loop.
 */
final class ClientChannels {

    /** Who is told what happens. */
    interface Listener {

        /** The round-trip time was measured; see {@link EchoChannel#roundTripNanos}. */
        void roundTrip(long nanos);

        /** For the log: a channel failed. */
        void note(String what);

        /** The connection cannot go on. */
        void failed(Throwable cause);
    }

    private final EventExecutor loop;
    private final ClientOutput output;
    private final Listener listener;
    private final EchoChannel echo = new EchoChannel();
    private final StaticChannels channels;
    private OptionalLong roundTrip = OptionalLong.empty();
    private ScheduledFuture<?> timer;
    private long timerAt = StaticChannels.NEVER;

    /** @param announced the client's static channels, by MCS channel */
    ClientChannels(EventExecutor loop, ClientOutput output, Map<Integer, ChannelDef> announced, Listener listener) {
        this.loop = loop;
        this.output = output;
        this.listener = listener;
        ReassemblyBudget budget = new ReassemblyBudget(ReassemblyBudget.DEFAULT_BYTES);
        DynamicChannels dynamic = new DynamicChannels(List.of(echo), budget, listener::note);
        this.channels = new StaticChannels(announced, dynamic, List.of(), budget, listener::note);
    }

    /** A share is active: channels open, or go on. */
    void activated() {
        send(channels.activated(System.nanoTime()));
        setTimer();
    }

    /** No share is active: what channels say waits for the next. */
    void deactivated() {
        channels.deactivated();
    }

    /** A chunk came. */
    void received(Action.ChannelData chunk) {
        send(channels.received(chunk.channelId(), chunk.header(), chunk.data(), System.nanoTime()));
        setTimer();
        OptionalLong measured = echo.roundTripNanos();
        if (!measured.equals(roundTrip)) {
            roundTrip = measured;
            listener.roundTrip(measured.getAsLong());
        }
    }

    /** A picture is on its way to the client. What is sent now follows it. */
    void pictureSent() {
        for (Pdu request : echo.outputFlows(System.nanoTime())) {
            send(channels.send(echo, request));
            output.flush();
        }
    }

    /** The connection has ended. */
    void close() {
        channels.close();
        setTimer();
    }

    private void send(List<Outgoing> chunks) {
        for (Outgoing chunk : chunks) {
            SendData mcs = SendData.indication(Share.SERVER_CHANNEL, chunk.channelId(), chunk.size());
            if (!output.send(kind(chunk.priority()), DataFrame.of(mcs, chunk.header(), chunk.data()))) {
                listener.failed(new IOException("it does not read what its channels say"));
                return; // the rest would be the middle of a message
            }
        }
    }

    private static Kind kind(Priority priority) {
        return priority == Priority.REALTIME ? Kind.REALTIME : Kind.BULK;
    }

    private void setTimer() {
        long deadline = channels.nextDeadline();
        if (deadline == timerAt) {
            return;
        }
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
        timerAt = deadline;
        if (deadline != StaticChannels.NEVER) {
            timer = loop.schedule(this::tick, Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
        }
    }

    private void tick() {
        timer = null;
        timerAt = StaticChannels.NEVER;
        send(channels.tick(System.nanoTime()));
        output.flush();
        setTimer();
    }
}
