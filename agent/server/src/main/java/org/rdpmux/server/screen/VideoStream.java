// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.screen;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.rdpmux.codec.I420Picture;
import org.rdpmux.codec.VideoEncoder;
import org.rdpmux.codec.VideoEncoderProvider;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What moves like a video, as one stream for all viewers of a {@link TileLane}. Each frame is a picture of the whole screen, of
 * which only the named tiles are worth showing: nothing else is ever drawn. A viewer that has a frame can take the next one;
 * the last few are kept for who is a little behind. Who is further behind needs a key frame, which costs everybody bytes and is
 * made now and then only.
 *
 * <p>The encoder is made when the first frame is. If it cannot be made, or fails, the stream is over, and tiles go without it.
 * Belongs to the thread of its screen, but for {@link #picture} and {@link #encode}, which the threads of a job call. Its many
 * fields are what it remembers of its frames, and how it encodes the next.
 */
public final class VideoStream {

    /** Frames that are kept: viewers of equal speed are seldom further apart. */
    static final int KEPT = 4;

    /** Least time between two key frames. */
    static final long KEY_NANOS = TimeUnit.SECONDS.toNanos(3);

    /** Tiles for which a frame is worth its fixed cost: as tiles they take less time than the encoder for its whole picture. */
    static final int MIN_TILES = 8;

    /** Smallest side of a screen. */
    private static final int MIN_SIDE = 64;

    /** Quantiser that is as good as the picture to the eye. */
    private static final int FINEST = 26;

    /** A coarser one shows blocks, and saves little. */
    private static final int COARSEST = 38;

    private static final int FIRST_QP = FINEST;

    /** Steps of the quantiser that halve a frame. */
    private static final double HALVING = 6;

    /** Most by which a frame makes the next one coarser. */
    private static final int MOST_COARSER = 6;

    /** Part of what viewers take that a frame has at most if the next one is not to be coarser. */
    private static final double FULL = 0.9;

    /** Likewise at least if the next one is not to be finer. */
    private static final double HALF = 0.5;

    /** What a tile of a key frame takes at {@link #FIRST_QP}, in bytes; of a bad case, so that the first frame is no burst. */
    private static final int KEY_TILE_BYTES = 1000;

    /** A key frame may have so many times what viewers take at a time: it comes seldom. */
    private static final int KEY_SHARE = 4;

    /** What was no photo is looked at again after so many changes: looking costs, and text seldom becomes a photo. */
    static final int LOOK_AGAIN = 8;

    /** What a tile takes in a frame at most, in bytes, whatever viewers take: half of what it would take by itself. */
    public static final int FINE_TILE_BYTES = 256;

    private static final Logger LOG = LoggerFactory.getLogger(VideoStream.class);

    /**
     * A frame that is kept.
     *
     * @param number counts from 1
     * @param tiles that it shows; not to be changed
     * @param qp its quantiser
     * @param bytes an access unit; the stream's own buffer, to be read by index only
     */
    public record Frame(long number, boolean key, BitSet tiles, int qp, ByteBuf bytes) {}

    private final Screen screen;
    private final VideoEncoderProvider provider;
    private final Deque<Frame> frames = new ArrayDeque<>();
    /** By tile: the version that the stream shows, 0 for none, and the frame that brought it. */
    private final int[] versions;

    private final long[] broughtBy;
    /** By tile: the version from which on it may suit the stream again. */
    private final int[] lookAt;

    private volatile boolean over;
    /** Guarded by this; null before the first frame and in the end. */
    private VideoEncoder encoder;

    private long number;
    private long keyAt;
    private int qp = FIRST_QP;

    public VideoStream(VideoEncoderProvider provider, Screen screen) {
        this.provider = provider;
        this.screen = screen;
        this.versions = new int[screen.grid().count()];
        this.broughtBy = new long[versions.length];
        this.lookAt = new int[versions.length];
        this.over = Math.min(screen.grid().width(), screen.grid().height()) < MIN_SIDE;
    }

    // ---- what there is ----

    /** Whether there will be no further frame. */
    public boolean isOver() {
        return over;
    }

    /** Whether a part of a tile is a matter for the stream: it moves, and looks like a photo unless it is new. */
    public boolean suits(int tile, int part) {
        return !over && screen.isMoving(tile) && TileParts.isLarge(part) && screen.version(tile) - lookAt[tile] >= 0;
    }

    /** Whether a key frame may be made. */
    public boolean isKeyDue(long now) {
        return number == 0 || now - keyAt >= KEY_NANOS;
    }

    /** Whether a viewer that has a frame, or 0 for none, can take the next one. */
    public boolean canFollow(long has) {
        return has > 0 && has == number || firstAfter(has) > 0;
    }

    /** Whether frames that a viewer can take now show the tile's newest pixels. @param has as above */
    public boolean isOnItsWay(int tile, long has) {
        long first = firstAfter(has);
        return first > 0 && broughtBy[tile] >= first && isCurrent(tile);
    }

    /** Whether the last frame that shows a tile shows its newest pixels. */
    public boolean isCurrent(int tile) {
        return versions[tile] == screen.version(tile);
    }

    /** The frames that a viewer can take, in their order: those behind the one it has, or from a key frame on. */
    public List<Frame> after(long has) {
        long first = firstAfter(has);
        return first == 0
                ? List.of()
                : frames.stream().filter(frame -> frame.number() >= first).toList();
    }

    /** Number of the first frame that a viewer can take; 0 if there is none. */
    private long firstAfter(long has) {
        long first = 0;
        for (Frame frame : frames) {
            boolean next = has > 0 && frame.number() == has + 1;
            if (next || frame.key() && frame.number() > has) {
                first = frame.number();
            }
        }
        return first;
    }

    // ---- the next frame ----

    /** The picture to draw tiles into; null if the stream is over. */
    synchronized I420Picture picture() {
        if (encoder == null && !over) {
            try {
                encoder =
                        provider.newEncoder(screen.grid().width(), screen.grid().height());
            } catch (RuntimeException | OutOfMemoryError e) {
                fail(e);
            }
        }
        return over ? null : encoder.picture();
    }

    /** Chooses the quantiser of the frame that is begun now. */
    void begin(VideoFrame frame) {
        if (frame.key() || number == 0) {
            double bytes = (double) KEY_TILE_BYTES * frame.parts().count() / KEY_SHARE;
            qp = bounded(Math.max(
                    qp, FIRST_QP + steps(bytes / budget(frame, frame.parts().count()))));
        }
    }

    private static int budget(VideoFrame frame, int tiles) {
        return Math.min(frame.budget(), FINE_TILE_BYTES * tiles);
    }

    /** How much coarser a frame has to be that is to have the share of its bytes. */
    private static int steps(double share) {
        return (int) Math.ceil(HALVING * Math.log(share) / Math.log(2));
    }

    private static int bounded(int wanted) {
        return Math.max(FINEST, Math.min(COARSEST, wanted));
    }

    /** Encodes the picture. @return the access unit, which is the caller's; null if that failed, and the stream is over */
    synchronized ByteBuf encode(boolean key) {
        if (over) {
            return null;
        }
        ByteBuf out = PooledByteBufAllocator.DEFAULT.heapBuffer();
        try {
            encoder.encode(key, qp, out);
            return out.retain();
        } catch (RuntimeException | OutOfMemoryError e) {
            fail(e);
            return null;
        } finally {
            out.release();
        }
    }

    private void fail(Throwable cause) {
        over = true;
        closeEncoder();
        LOG.warn("goes on without video: {}", cause.toString());
    }

    private void closeEncoder() {
        if (encoder != null) {
            encoder.close();
            encoder = null;
        }
    }

    /**
     * Takes a frame over.
     *
     * @param bytes belong to the stream from now on
     * @param wanted what the frame was to be
     * @param tiles that it shows
     * @param drawn by tile: the version that it shows
     */
    void add(ByteBuf bytes, VideoFrame wanted, BitSet tiles, int[] drawn) {
        boolean key = wanted.key() || number == 0;
        number++;
        frames.addLast(new Frame(number, key, tiles, qp, bytes));
        if (frames.size() > KEPT) {
            frames.removeFirst().bytes().release();
        }
        for (int tile = tiles.nextSetBit(0); tile >= 0; tile = tiles.nextSetBit(tile + 1)) {
            versions[tile] = drawn[tile];
            broughtBy[tile] = number;
        }
        double share = (double) bytes.readableBytes() / budget(wanted, tiles.cardinality());
        if (key) {
            keyAt = wanted.now();
        } else if (share > FULL) {
            qp = bounded(qp + Math.min(MOST_COARSER, steps(share / FULL)));
        } else if (share < HALF) {
            qp = bounded(qp - 1);
        }
    }

    /** A tile that was wanted for a frame is no photo. @param version that was looked at */
    void refused(int tile, int version) {
        lookAt[tile] = version + LOOK_AGAIN;
    }

    /** Releases all. No job is under way. */
    void release() {
        over = true;
        frames.forEach(frame -> frame.bytes().release());
        frames.clear();
        synchronized (this) {
            closeEncoder();
        }
    }
}
