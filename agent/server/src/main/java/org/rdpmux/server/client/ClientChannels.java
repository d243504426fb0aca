// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.client;

import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.rdpmux.display.ClipboardEvent;
import org.rdpmux.display.SoundBlock;
import org.rdpmux.pdu.Pdu;
import org.rdpmux.pdu.disp.MonitorLayout;
import org.rdpmux.pdu.gcc.ClientNetworkData.ChannelDef;
import org.rdpmux.pdu.gfx.CapabilitySet;
import org.rdpmux.pdu.gfx.FrameAcknowledge;
import org.rdpmux.pdu.mcs.SendData;
import org.rdpmux.pdu.rdpsnd.SoundPdu;
import org.rdpmux.pdu.x224.DataFrame;
import org.rdpmux.server.ClipboardPolicy;
import org.rdpmux.server.channel.Channel;
import org.rdpmux.server.channel.ClipboardChannel;
import org.rdpmux.server.channel.DisplayControlChannel;
import org.rdpmux.server.channel.DynamicChannels;
import org.rdpmux.server.channel.DynamicPath;
import org.rdpmux.server.channel.EchoChannel;
import org.rdpmux.server.channel.GfxChannel;
import org.rdpmux.server.channel.Outgoing;
import org.rdpmux.server.channel.Priority;
import org.rdpmux.server.channel.ReassemblyBudget;
import org.rdpmux.server.channel.SoundChannel;
import org.rdpmux.server.channel.StaticChannels;
import org.rdpmux.server.client.OutputScheduler.Kind;
import org.rdpmux.server.connection.Action;
import org.rdpmux.server.connection.Share;
import org.rdpmux.server.screen.EncoderProfile;

/**
 * One client's virtual channels, tied to its loop: chunks go in, what the channels say goes out through {@link ClientOutput},
 * and a timer runs while an answer of the client's is due. Lives on the client's loop.
 *
 * <p>Has more fields than most classes: each channel that its listener hears of, what has time, and the timer.
 */
final class ClientChannels {

    /** Tiles of 16 kB each at most, of the 100 MB that a client has for them (2.2.3): eight screens of 1920x1080. */
    private static final int CACHE_SLOTS = 4096;

    /** Likewise of 16 MB. */
    private static final int SMALL_CACHE_SLOTS = 960;

    /** Who is told what happens. */
    interface Listener extends ClipboardChannel.Listener {

        /**
         * The client has opened the graphics channel, or has forgotten all that was sent there; a share is active.
         *
         * @param decodes how it may be sent pixels
         * @param cacheSlots tiles that it can keep
         */
        void graphicsOpened(DynamicPath path, EncoderProfile decodes, int cacheSlots);

        /** It has no graphics channel, or not any more. */
        void graphicsClosed();

        /** It has shown a frame of the graphics channel. */
        void frameAcknowledged(FrameAcknowledge acknowledge);

        /** The round-trip time was measured; see {@link EchoChannel#roundTripNanos}. */
        void roundTrip(long nanos);

        /** The client would like a desktop of this size, in pixels. */
        void sizeWanted(int width, int height);

        /** The client plays what the guest plays, or ceases to. */
        void listens(boolean sound);

        /** For the log: a channel failed. */
        void note(String what);

        /** The connection cannot go on. */
        void failed(Throwable cause);
    }

    /**
     * The channels that a client is offered.
     *
     * @param graphics it has the graphics pipeline; if so, the listener hears what becomes of it
     * @param echo its round trip is to be measured, and is not otherwise
     * @param displayControl it may ask for a size
     * @param clipboard what it may exchange; if anything, the listener hears of it
     * @param sound it may hear the guest
     */
    record Offered(boolean graphics, boolean echo, boolean displayControl, ClipboardPolicy clipboard, boolean sound) {}

    /** Sound that comes while more than this waits is left out: some 180 ms of it. */
    private static final int MAX_REALTIME = 32 << 10;

    /** What may wait for the client to read it, beside a text. */
    private static final int MAX_BULK = 256 << 10;

    private final EventExecutor loop;
    private final ClientOutput output;
    private final Listener listener;
    private final EchoChannel echo = new EchoChannel();
    private final GfxChannel graphics = new GfxChannel();
    private final DisplayControlChannel display = new DisplayControlChannel();
    private final ClipboardChannel clipboard;
    private final SoundChannel sound;
    /** What has time, in order, until the output takes it. Chunks of a message share its bytes. */
    private final ArrayDeque<Outgoing> bulk = new ArrayDeque<>();

    private final int maxBulk;
    private int bulkBytes;
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
        ClipboardPolicy policy = wanted.clipboard();
        int text = policy.isOn() ? policy.maxBytes() + ClipboardChannel.MAX_UNASKED : 0;
        this.clipboard = new ClipboardChannel(policy.maxBytes());
        this.maxBulk = MAX_BULK + text;
        ReassemblyBudget budget = new ReassemblyBudget(ReassemblyBudget.DEFAULT_BYTES + text);
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
        List<Channel> alone = new ArrayList<>();
        if (policy.isOn()) {
            alone.add(clipboard);
        }
        // Clients that have both play the same over either.
        boolean isStatic = announced.values().stream()
                .anyMatch(channel -> channel.name().equalsIgnoreCase(SoundPdu.STATIC_CHANNEL));
        sound = new SoundChannel(isStatic ? SoundPdu.STATIC_CHANNEL : SoundPdu.DYNAMIC_CHANNEL);
        if (wanted.sound()) {
            (isStatic ? alone : offered).add(sound);
        }
        DynamicChannels dynamic = new DynamicChannels(offered, budget, listener::note);
        this.channels = new StaticChannels(announced, dynamic, alone, budget, listener::note);
        output.feedBulk(this::feedBulk);
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

    /** What the guest's clipboard says. A text fails while much of the one before waits, or no share is active. */
    void clipboard(ClipboardEvent event) {
        boolean busy = bulkBytes > OutputScheduler.PIECE || !channels.isActive();
        ClipboardEvent now = busy && event instanceof ClipboardEvent.Text ? ClipboardEvent.EMPTY : event;
        for (Pdu pdu : clipboard.say(now)) {
            send(channels.send(clipboard, pdu));
        }
        output.flush();
    }

    /** What the guest plays. It is left out while the client is behind, or no share is active. */
    void sound(SoundBlock block) {
        if (!channels.isActive() || output.waiting(Kind.REALTIME) > MAX_REALTIME) {
            return;
        }
        for (Pdu pdu : sound.play(block, System.nanoTime())) {
            send(channels.send(sound, pdu));
        }
        output.flush();
    }

    /** The connection has ended. */
    void close() {
        bulk.clear();
        channels.close();
        setTimer();
    }

    private void send(List<Outgoing> chunks) {
        for (Outgoing chunk : chunks) {
            Kind kind = kind(chunk.priority());
            if (!(kind == Kind.BULK ? addBulk(chunk) : output.send(kind, framed(chunk)))) {
                listener.failed(new IOException("it does not read what its channels say"));
                return; // the rest would be the middle of a message
            }
        }
    }

    private static Pdu framed(Outgoing chunk) {
        SendData mcs = SendData.indication(Share.SERVER_CHANNEL, chunk.channelId(), chunk.size());
        return DataFrame.of(mcs, chunk.header(), chunk.data());
    }

    private boolean addBulk(Outgoing chunk) {
        bulkBytes += chunk.size();
        bulk.add(chunk);
        return bulkBytes <= maxBulk;
    }

    /** Gives the output a piece of what has time. */
    private void feedBulk() {
        if (bulk.isEmpty() || !channels.isActive()) {
            return;
        }
        ByteBuf piece = output.alloc().heapBuffer();
        while (!bulk.isEmpty() && piece.readableBytes() < OutputScheduler.PIECE / 2) {
            Outgoing chunk = bulk.poll();
            bulkBytes -= chunk.size();
            framed(chunk).encode(piece);
        }
        if (!output.send(Kind.BULK, piece)) {
            listener.failed(new IOException("it does not read what it is sent"));
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
            clipboard.tell(listener);
            if (sound.hasChanged()) {
                listener.listens(sound.isPlaying());
            }
        }
        setTimer();
    }

    private final class GraphicsEvents implements GfxChannel.Listener {

        @Override
        public void graphicsConfirmed(CapabilitySet set) {
            int slots = set.hasSmallCache() ? SMALL_CACHE_SLOTS : CACHE_SLOTS;
            channels.path(graphics).ifPresent(path -> listener.graphicsOpened(path, decoded(set), slots));
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
