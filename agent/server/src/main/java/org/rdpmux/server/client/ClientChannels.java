// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.client;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.rdpmux.pdu.Pdu;
import org.rdpmux.pdu.disp.MonitorLayout;
import org.rdpmux.pdu.gcc.ClientNetworkData.ChannelDef;
import org.rdpmux.pdu.gfx.CapabilitySet;
import org.rdpmux.pdu.gfx.FrameAcknowledge;
import org.rdpmux.pdu.mcs.SendData;
import org.rdpmux.pdu.x224.DataFrame;
import org.rdpmux.server.channel.Channel;
import org.rdpmux.server.channel.DisplayControlChannel;
import org.rdpmux.server.channel.DynamicChannels;
import org.rdpmux.server.channel.DynamicPath;
import org.rdpmux.server.channel.EchoChannel;
import org.rdpmux.server.channel.GfxChannel;
import org.rdpmux.server.channel.Outgoing;
import org.rdpmux.server.channel.Priority;
import org.rdpmux.server.channel.ReassemblyBudget;
import org.rdpmux.server.channel.StaticChannels;
import org.rdpmux.server.client.OutputScheduler.Kind;
import org.rdpmux.server.connection.Action;
import org.rdpmux.server.connection.Share;
import org.rdpmux.server.screen.EncoderProfile;

/**
 * One client's virtual channels, tied to its loop: chunks go in, what the channels say goes out through {@link ClientOutput},
 * and a timer runs while an answer of the client's is due. Lives on the client's loop.
 *
 * <p>Has more fields than most classes: each channel that its listener hears of, and the timer.
 */
final class ClientChannels {

    /** Who is told what happens. */
    interface Listener {

        /**
         * The client has opened the graphics channel, or has forgotten all that was sent there; a share is active.
         *
         * @param decodes how it may be sent pixels
         */
        void graphicsOpened(DynamicPath path, EncoderProfile decodes);

        /** It has no graphics channel, or not any more. */
        void graphicsClosed();

        /** It has shown a frame of the graphics channel. */
        void frameAcknowledged(FrameAcknowledge acknowledge);

        /** The round-trip time was measured; see {@link EchoChannel#roundTripNanos}. */
        void roundTrip(long nanos);

        /** The client would like a desktop of this size, in pixels. */
        void sizeWanted(int width, int height);

        /** For the log: a channel failed. */
        void note(String what);

        /** The connection cannot go on. */
        void failed(Throwable cause);
    }

    /**
     * The dynamic channels that a client is offered.
     *
     * @param graphics it has the graphics pipeline; if so, the listener hears what becomes of it
     * @param echo its round trip is to be measured, and is not otherwise
     * @param displayControl it may ask for a size
     */
    record Offered(boolean graphics, boolean echo, boolean displayControl) {}

    private final EventExecutor loop;
    private final ClientOutput output;
    private final Listener listener;
    private final EchoChannel echo = new EchoChannel();
    private final GfxChannel graphics = new GfxChannel();
    private final DisplayControlChannel display = new DisplayControlChannel();
    private final GraphicsEvents graphicsEvents = new GraphicsEvents();
    private final StaticChannels channels;
    private OptionalLong roundTrip = OptionalLong.empty();
    private ScheduledFuture<?> timer;
    private long timerAt = StaticChannels.NEVER;

    /**
     * @param announced the client's static channels, by MCS channel
     * @param wanted what it is offered beside those
     */
    ClientChannels(
            EventExecutor loop,
            ClientOutput output,
            Map<Integer, ChannelDef> announced,
            Offered wanted,
            Listener listener) {
        this.loop = loop;
        this.output = output;
        this.listener = listener;
        ReassemblyBudget budget = new ReassemblyBudget(ReassemblyBudget.DEFAULT_BYTES);
        List<Channel> offered = new ArrayList<>();
        if (wanted.graphics()) {
            offered.add(graphics);
        }
        if (wanted.echo()) {
            offered.add(echo);
        }
        if (wanted.displayControl()) {
            offered.add(display);
        }
        DynamicChannels dynamic = new DynamicChannels(offered, budget, listener::note);
        this.channels = new StaticChannels(announced, dynamic, List.of(), budget, listener::note);
    }

    /** A share is active: channels open, or go on. */
    void activated() {
        send(channels.activated(System.nanoTime()));
        tell();
    }

    /** No share is active: what channels say waits for the next. */
    void deactivated() {
        channels.deactivated();
    }

    /** A chunk came. */
    void received(Action.ChannelData chunk) {
        send(channels.received(chunk.channelId(), chunk.header(), chunk.data(), System.nanoTime()));
        tell();
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
        return switch (priority) {
            case REALTIME -> Kind.REALTIME;
            case HIGH -> Kind.PIXELS; // the graphics channel's answers stay in front of its pixels
            case MEDIUM, LOW -> Kind.BULK;
        };
    }

    /** After what is due was sent: an answer of the channel's goes before what its user sends. */
    private void tell() {
        if (channels.isActive()) { // otherwise the answers are held, and what is told waits with them
            graphics.tell(graphicsEvents);
            display.takeLayout()
                    .map(MonitorLayout::primary)
                    .ifPresent(monitor -> listener.sizeWanted(monitor.width(), monitor.height()));
        }
        setTimer();
    }

    private final class GraphicsEvents implements GfxChannel.Listener {

        @Override
        public void graphicsConfirmed(CapabilitySet set) {
            channels.path(graphics).ifPresent(path -> listener.graphicsOpened(path, decoded(set)));
        }

        /** A client of versions 8 and 8.1 that has little memory decodes no progressive RemoteFX; H.264 it may decode. */
        private static EncoderProfile decoded(CapabilitySet set) {
            boolean thin = set.version() < CapabilitySet.VERSION_10 && set.has(CapabilitySet.FLAG_THIN_CLIENT);
            return EncoderProfile.surface(!thin).withVideo(set.decodesAvc420());
        }

        @Override
        public void frameAcknowledged(FrameAcknowledge acknowledge) {
            listener.frameAcknowledged(acknowledge);
        }

        @Override
        public void graphicsClosed() {
            listener.graphicsClosed();
        }
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
        tell();
    }
}
