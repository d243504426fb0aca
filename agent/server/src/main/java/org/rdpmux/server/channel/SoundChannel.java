// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.channel;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.rdpmux.display.SoundBlock;
import org.rdpmux.pdu.Pdu;
import org.rdpmux.pdu.rdpsnd.AudioFormat;
import org.rdpmux.pdu.rdpsnd.AudioFormats;
import org.rdpmux.pdu.rdpsnd.SoundPdu;
import org.rdpmux.pdu.rdpsnd.Training;
import org.rdpmux.pdu.rdpsnd.Wave;
import org.rdpmux.pdu.rdpsnd.Wave2;
import org.rdpmux.pdu.rdpsnd.WaveConfirm;
import org.rdpmux.pdu.rdpsnd.WaveInfo;

/**
 * The sound channel ([MS-RDPEA]): what the guest plays, as PCM, to a client that confirms what it has played. What a client does
 * not keep up with is left out, and never queued: sound that comes late stays late. Used by one thread.
 *
 * <p>How far a client is behind is what it has not confirmed yet. Some of that is its network and some the player that it feeds,
 * which both may be long and are no fault; what is beyond the quickest confirmation seen is a queue, and is bounded.
 *
 * <p>Has more fields than most classes: how far the two ends have agreed, and what is under way.
 */
public final class SoundChannel implements Channel {

    /**
     * How much may be under way beyond what the client takes at its quickest. With what a guest's hypervisor and a block hold
     * back, some 40 ms, sound on a local network stays below 150 ms.
     */
    static final long BEHIND_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /** How much may be under way before the first confirmation: players may want some before they begin. */
    static final long FIRST_NANOS = TimeUnit.MILLISECONDS.toNanos(300);

    /** How much may be under way at all. In blocks of 20 ms that is far below the 256 that have numbers. */
    static final long MOST_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** After so long without a confirmation the client is tried anew: one whose player was stuck is heard again. */
    static final long STUCK_NANOS = TimeUnit.SECONDS.toNanos(2);

    /** What may be under way at all, in blocks: the end of a sound may be a short one. */
    private static final int MAX_WAVES = 128;

    /** By how much the quickest confirmation is forgotten with each that is slower: a network may have become longer. */
    private static final int FORGET = 64;

    /** Of what a client lists; see {@link AudioFormats#MAX_FORMATS}. */
    private static final int MAX_MESSAGE = 32 << 10;

    private static final AudioFormat FORMAT = AudioFormat.pcm(SoundBlock.CHANNELS, SoundBlock.RATE, Short.SIZE);

    private static final List<Pdu> OFFER = List.of(new AudioFormats(0, 0, AudioFormats.VERSION_8, List.of(FORMAT)));

    /** Something that was sent and not confirmed yet. */
    private record Sent(int block, long at, long nanos) {}

    private enum State {
        NEW,
        /** The client owes the answer to the training. */
        TRAINING,
        /** It plays what it is sent. */
        READY,
        CLOSED
    }

    private final String name;
    private State state = State.NEW;
    private boolean told;
    /** Place of the format in the client's list. */
    private int format;

    private boolean isWave2;
    private int nextBlock;
    /** INVARIANT: {@link #MAX_WAVES} at most, with numbers in a row. */
    private final ArrayDeque<Sent> underWay = new ArrayDeque<>();

    private long underWayNanos;
    /** The quickest confirmation, in nanoseconds; negative before the first. */
    private long quickest = -1;
    /** Nothing is sent until much of what is under way has been confirmed: one pause instead of many. */
    private boolean behind;

    /** @param name of the static or of the dynamic channel */
    public SoundChannel(String name) {
        this.name = name;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Priority priority() {
        return Priority.REALTIME;
    }

    @Override
    public int maxMessage() {
        return MAX_MESSAGE;
    }

    @Override
    public List<Pdu> open(long now) {
        return OFFER;
    }

    @Override
    public List<Pdu> message(ByteBuf message, long now) {
        SoundPdu pdu = SoundPdu.decode(message);
        if (pdu instanceof AudioFormats client) {
            return agree(client, now);
        } else if (pdu instanceof Training && state == State.TRAINING) {
            state = State.READY;
        } else if (pdu instanceof WaveConfirm confirm) {
            confirmed(confirm.block(), now);
        }
        return List.of();
    }

    /** A client that has none of what is offered, or nothing to play it with, is left in peace. */
    private List<Pdu> agree(AudioFormats client, long now) {
        format = client.formats().indexOf(FORMAT);
        isWave2 = client.version() >= AudioFormats.VERSION_8;
        underWay.clear();
        underWayNanos = 0;
        quickest = -1;
        behind = false;
        if (format < 0) {
            state = State.NEW;
            return List.of();
        }
        state = State.TRAINING;
        return List.of(new Training(millis(now), 0));
    }

    private void confirmed(int block, long now) {
        boolean known = underWay.stream().anyMatch(sent -> sent.block() == block);
        while (known) {
            Sent oldest = forgetOldest();
            known = oldest.block() != block; // it has passed over what it does not confirm
            if (!known) {
                long took = now - oldest.at();
                quickest = quickest < 0 || took < quickest ? took : quickest + (took - quickest) / FORGET;
            }
        }
    }

    private Sent forgetOldest() {
        Sent oldest = underWay.remove();
        underWayNanos -= oldest.nanos();
        return oldest;
    }

    /** What to send of what the guest plays: nothing if the client does not play, or is behind. */
    public List<Pdu> play(SoundBlock block, long now) {
        if (state != State.READY || isBehind(block, now)) {
            return List.of();
        }
        int number = nextBlock;
        nextBlock = nextBlock + 1 & 0xff;
        underWay.add(new Sent(number, now, block.nanos()));
        underWayNanos += block.nanos();
        byte[] data = block.samples();
        if (isWave2) {
            return List.of(new Wave2(millis(now), format, number, (int) TimeUnit.NANOSECONDS.toMillis(now), data));
        }
        int beginning = ByteBuffer.wrap(data).getInt();
        return List.of(new WaveInfo(millis(now), format, number, data.length, beginning), new Wave(data));
    }

    private boolean isBehind(SoundBlock block, long now) {
        if (!underWay.isEmpty() && now - underWay.peekLast().at() > STUCK_NANOS) {
            underWay.clear();
            underWayNanos = 0;
        }
        long most = quickest < 0 ? FIRST_NANOS : Math.min(MOST_NANOS, quickest + BEHIND_NANOS);
        if (underWay.size() == MAX_WAVES || underWayNanos + block.nanos() > most) {
            behind = true;
        } else if (underWayNanos <= most - BEHIND_NANOS / 2) {
            behind = false;
        }
        return behind;
    }

    private static int millis(long now) {
        return (int) TimeUnit.NANOSECONDS.toMillis(now) & 0xffff;
    }

    @Override
    public void close() {
        state = State.CLOSED;
    }

    /** Whether the client has begun, or ceased, to play since the last call. */
    public boolean hasChanged() {
        boolean changed = told != isPlaying();
        told = isPlaying();
        return changed;
    }

    /** Whether the client plays what it is sent. */
    public boolean isPlaying() {
        return state == State.READY;
    }
}
