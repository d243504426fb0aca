// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.screen;

import java.util.Arrays;
import java.util.BitSet;
import org.rdpmux.codec.Tiles;
import org.rdpmux.display.Framebuffer;
import org.rdpmux.display.PixelsUnavailableException;
import org.rdpmux.display.Rect;

/**
 * The pixels of a screen in two frames of one layout. Each tile's newest pixels are in one of them; the other has what an
 * encoder still reads, or what the tile was before the tick if moves are looked for. The second frame is made when it is
 * first needed: a screen with one lane and no moves needs none. Memory is taken with the first pixels.
 *
 * <p>INVARIANT: no pixel of a held tile's frame is written. Used by one thread, but that readers of held tiles may be others:
 * whoever hands a tile to another thread, and back, does so safely.
 */
final class Frames {

    /** What {@link #store} did. */
    enum Stored {
        /** Nothing: the pixels were the same. */
        SAME,
        /** The tile has new pixels. */
        CHANGED,
        /** Nothing: both frames are held, and the tile has to be stored later. */
        HELD
    }

    private final TileGrid grid;
    private final int colour;
    private final FrameMemory memory;
    private final int[][] pixels = new int[2][];
    /** By tile: the frame with its newest pixels. */
    private final byte[] newest;
    /** By frame and tile: how many hold it. */
    private final short[][] holders;
    /** One row of tiles, as read from the guest. */
    private int[] fresh;

    /** By tile: whether the other frame has its pixels from before the tick. */
    private final boolean[] before;

    private boolean keepBefore;

    /** @param colour of pixels that are not known */
    Frames(TileGrid grid, int colour, FrameMemory memory) {
        this.grid = grid;
        this.colour = colour;
        this.memory = memory;
        this.newest = new byte[grid.count()];
        this.holders = new short[2][grid.count()];
        this.before = new boolean[grid.count()];
    }

    private void takeMemory() {
        if (fresh == null) {
            pixels[0] = memory.take(0);
            fresh = memory.take(FrameMemory.ROW);
            Arrays.fill(pixels[0], colour);
        }
    }

    int hold(int tile) {
        takeMemory();
        int frame = newest[tile];
        holders[frame][tile]++;
        return frame;
    }

    /** The frame that has a tile's newest pixels. */
    int newest(int tile) {
        takeMemory();
        return newest[tile];
    }

    int[] pixels(int frame) {
        return pixels[frame];
    }

    void release(int tile, int frame) {
        if (--holders[frame][tile] < 0) {
            throw new IllegalStateException("tile " + tile + " was not held");
        }
    }

    /** A tick begins. */
    void begin(boolean keepWhatWasBefore) {
        keepBefore = keepWhatWasBefore;
        Arrays.fill(before, false);
    }

    /** Reads a band no higher than a tile. */
    boolean read(Framebuffer framebuffer, Rect band) {
        takeMemory();
        return framebuffer.read(band, fresh, 0, band.width());
    }

    /**
     * Gives a tile the pixels that were read for part of it.
     *
     * @param part inside both the tile and the band
     * @param band what was {@linkplain #read read} last
     */
    Stored store(int tile, Rect part, Rect band) {
        int from = (part.y() - band.y()) * band.width() + part.x() - band.x();
        int to = part.y() * grid.width() + part.x();
        int frame = newest[tile];
        boolean held = holders[frame][tile] > 0;
        boolean keep = keepBefore && !before[tile] && holders[1 - frame][tile] == 0;
        if (!held && !keep) {
            boolean changed = Tiles.update(
                    fresh, from, band.width(), pixels[frame], to, grid.width(), part.width(), part.height());
            return changed ? Stored.CHANGED : Stored.SAME;
        }
        if (Tiles.equal(fresh, from, band.width(), pixels[frame], to, grid.width(), part.width(), part.height())) {
            return Stored.SAME;
        }
        if (holders[1 - frame][tile] > 0 || held && !hasFrame(1 - frame)) {
            return Stored.HELD;
        }
        if (hasFrame(1 - frame)) {
            turnOver(tile, part.equals(grid.rect(tile)));
        }
        Tiles.update(fresh, from, band.width(), pixels[newest[tile]], to, grid.width(), part.width(), part.height());
        return Stored.CHANGED;
    }

    /** Whether there is memory for a frame: without the other one, encoders hold up ticks, and moves are not found. */
    private boolean hasFrame(int frame) {
        if (pixels[frame] == null) {
            try {
                pixels[frame] = memory.take(frame);
            } catch (PixelsUnavailableException e) {
                return false;
            }
        }
        return true;
    }

    /** Goes on with a tile in the other frame. @param whole all of it is about to be written: nothing is carried over */
    private void turnOver(int tile, boolean whole) {
        int frame = newest[tile];
        int other = 1 - frame;
        int row = grid.offset(tile);
        for (int y = 0; y < (whole ? 0 : grid.height(tile)); y++) {
            System.arraycopy(pixels[frame], row, pixels[other], row, grid.width(tile));
            row += grid.width();
        }
        newest[tile] = (byte) other;
        before[tile] = true;
    }

    /** Compares pixels of the screen as it is with pixels of the screen as it was before the tick. */
    boolean sameAsBefore(Rect now, int dx, int dy, BitSet changed) {
        int tile = grid.tileAt(now.x(), now.y());
        int[] is = pixels[newest[tile]];
        int x = now.x() - dx;
        while (x < now.right() - dx) {
            int next = Math.min(now.right() - dx, (x / TileGrid.SIDE + 1) * TileGrid.SIDE);
            int y = now.y() - dy;
            while (y < now.bottom() - dy) {
                int below = Math.min(now.bottom() - dy, (y / TileGrid.SIDE + 1) * TileGrid.SIDE);
                int[] was = before(grid.tileAt(x, y), changed);
                int at = (y + dy) * grid.width() + x + dx;
                if (was == null
                        || !Tiles.equal(
                                is, at, grid.width(), was, y * grid.width() + x, grid.width(), next - x, below - y)) {
                    return false;
                }
                y = below;
            }
            x = next;
        }
        return true;
    }

    /** The frame with a tile's newest pixels. */
    int[] now(int tile) {
        return pixels[newest[tile]];
    }

    /** The frame with a tile's pixels from before the tick; null if they are lost. @param changed what the tick changed */
    int[] before(int tile, BitSet changed) {
        if (!changed.get(tile)) {
            return pixels[newest[tile]];
        }
        return before[tile] ? pixels[1 - newest[tile]] : null;
    }
}
