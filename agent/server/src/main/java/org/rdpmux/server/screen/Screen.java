// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.screen;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.rdpmux.display.Framebuffer;
import org.rdpmux.display.Rect;
import org.rdpmux.display.Region;

/**
 * What the guest shows, held still: a copy of its pixels, the damage that was reported since the copy was made, and the
 * clock that says when to copy again. Knows no viewer and no encoder. Passive; used by one thread, but for the pixels of
 * tiles that are {@linkplain #hold held}.
 *
 * <p>An encoder holds the tiles that it reads, and a tick does not wait for it: a held tile's new pixels go to the other of
 * the screen's two frames ({@link Frames}). A tile whose pixels are held in both stays damaged until the next tick.
 *
 * <p>Has many fields, some of which are scratch memory: a tick allocates nothing that grows with the screen.
 */
public final class Screen {

    /** A deadline that does not come. */
    public static final long NEVER = Long.MAX_VALUE;

    /** The colour of a screen that nothing is known of yet. */
    public static final int DARK = 0x202020;

    private final TileGrid grid;
    private final Rect bounds;
    private final Frames frames;
    private final FrameClock clock;
    private final int[] versions;
    private final TileKeys keys;
    private final MotionSearch motion;
    private final MoveHints hints = new MoveHints();
    private final BitSet touched = new BitSet();
    private final TileParts changed;
    private Region damage = new Region();
    private Region postponed = new Region();
    private final Movement movement;
    private long damagedAt;

    /**
     * @param intervalNanos time between two ticks at the frame rate; see {@link FrameClock}
     * @param memory of the grid's size; taken with the first {@link #hold} or {@link #tick}, which throw {@link
     *     org.rdpmux.display.PixelsUnavailableException} if there is none
     */
    public Screen(TileGrid grid, long intervalNanos, FrameMemory memory) {
        this.grid = grid;
        this.bounds = new Rect(0, 0, grid.width(), grid.height());
        this.frames = new Frames(grid, DARK, memory);
        this.clock = new FrameClock(intervalNanos);
        this.motion = new MotionSearch(grid);
        this.movement = new Movement(grid);
        this.versions = new int[grid.count()];
        this.keys = new TileKeys(grid.count());
        this.changed = new TileParts(grid);
        Arrays.fill(versions, 1);
    }

    public TileGrid grid() {
        return grid;
    }

    /** Changes whenever the tile's pixels do; never 0. */
    public int version(int tile) {
        return versions[tile];
    }

    /**
     * The tile's newest pixels, for a reader on any thread: they do not change until {@link #release}.
     *
     * @return what {@link #pixels} and {@link #release} want to be given
     */
    public int hold(int tile) {
        return frames.hold(tile);
    }

    /** Names a tile's newest pixels: wherever and whenever a tile shows the same, it has the same key; see {@link TileKeys}. */
    public long key(int tile) {
        if (!keys.knows(tile, versions[tile])) {
            int held = frames.hold(tile);
            int[] pixels = frames.pixels(held);
            keys.put(
                    tile,
                    versions[tile],
                    TileKeys.of(pixels, grid.offset(tile), grid.width(), grid.width(tile), grid.height(tile)));
            frames.release(tile, held);
        }
        return keys.key(tile);
    }

    /** The frame with a held tile's pixels: {@code 0x00RRGGBB}, row by row without gaps; see {@link TileGrid#offset}. */
    public int[] pixels(int held) {
        return frames.pixels(held);
    }

    /** Ends what {@link #hold} began. On the screen's thread. */
    public void release(int tile, int held) {
        frames.release(tile, held);
    }

    /**
     * Copies the newest pixels.
     *
     * @param to all pixels of the area, row by row without gaps: {@code 0x00RRGGBB}
     */
    public void copy(Rect area, int[] to) {
        int top = area.y() / TileGrid.SIDE * TileGrid.SIDE;
        for (int y = top; y < area.bottom(); y += TileGrid.SIDE) {
            for (int x = area.x() / TileGrid.SIDE * TileGrid.SIDE; x < area.right(); x += TileGrid.SIDE) {
                int tile = grid.tileAt(x, y);
                Rect part = grid.rect(tile).intersection(area);
                int[] from = frames.pixels(frames.newest(tile));
                for (int row = part.y(); row < part.bottom(); row++) {
                    System.arraycopy(
                            from,
                            row * grid.width() + part.x(),
                            to,
                            (row - area.y()) * area.width() + part.x() - area.x(),
                            part.width());
                }
            }
        }
    }

    /** Whether a tile changes again and again; see {@link Movement}. */
    public boolean isMoving(int tile) {
        return movement.tiles().get(tile);
    }

    /** The tiles that change again and again; not to be changed. */
    public BitSet moving() {
        return movement.tiles();
    }

    /** Takes what has not changed for a while for resting. */
    public void settle(long now) {
        movement.settle(now);
    }

    /** When {@link #settle} is to be called; {@link #NEVER} while nothing moves. */
    public long nextSettling() {
        return movement.nextSettling();
    }

    /** Notes that pixels of the framebuffer may have changed; what is outside the screen is ignored. */
    public void damaged(Rect area, long now) {
        Rect inside = area.intersection(bounds);
        if (!inside.isEmpty()) {
            damagedAt = damage.isEmpty() ? now : damagedAt;
            damage.add(inside);
            movement.damaged(inside, now);
        }
    }

    /** Notes that the guest seems to have copied pixels. The destination has to be reported as {@link #damaged}, too. */
    public void moved(Move hint) {
        hints.add(hint, bounds);
    }

    /** When the first change since the last tick was reported. */
    public long damagedSince() {
        return damagedAt;
    }

    /** When {@link #tick} is to be called: at once after a pause, else at the frame rate. {@link #NEVER} without damage. */
    public long nextDeadline() {
        return damage.isEmpty() ? NEVER : Math.max(damagedAt, clock.next());
    }

    /**
     * Copies what was damaged and finds out what differs from before.
     *
     * @param framebuffer of this screen's size
     * @param wantMoves whether anybody can use {@link ScreenChange#moves}
     */
    public ScreenChange tick(Framebuffer framebuffer, long now, boolean wantMoves) {
        if (framebuffer.width() != grid.width() || framebuffer.height() != grid.height()) {
            throw new IllegalArgumentException("framebuffer of " + framebuffer.width() + "x" + framebuffer.height()
                    + " for a screen of " + grid.width() + "x" + grid.height());
        }
        clock.tick(now);
        touched.clear();
        changed.clear();
        boolean hinted = wantMoves && !hints.moves().isEmpty();
        boolean searched = wantMoves && !hinted && motion.isDue(damagedTiles());
        frames.begin(hinted || searched);
        Region due = damage;
        damage = postponed;
        for (int i = 0; i < due.count(); i++) {
            update(framebuffer, due.get(i));
        }
        due.clear();
        postponed = due;
        movement.ticked(changed.tiles(), now);
        for (int tile = changed.next(0); tile >= 0; tile = changed.next(tile + 1)) {
            if (++versions[tile] == 0) {
                versions[tile] = 1;
            }
        }
        List<Move> candidates = searched ? motion.search(frames, changed.tiles()) : hints.moves();
        ScreenChange change =
                new MoveFinder(grid, frames, changed).explain(candidates, hinted || searched, touched.cardinality());
        hints.clear();
        return change;
    }

    private int damagedTiles() {
        touched.clear();
        for (int i = 0; i < damage.count(); i++) {
            grid.mark(damage.get(i), touched);
        }
        int tiles = touched.cardinality();
        touched.clear();
        return tiles;
    }

    /** Row of tiles by row of tiles, each read in one go: memory is fast in long stretches. */
    private void update(Framebuffer framebuffer, Rect area) {
        int bottom = (area.bottom() - 1) / TileGrid.SIDE;
        for (int row = area.y() / TileGrid.SIDE; row <= bottom; row++) {
            int top = Math.max(area.y(), row * TileGrid.SIDE);
            int height = Math.min(area.bottom(), (row + 1) * TileGrid.SIDE) - top;
            Rect band = new Rect(area.x(), top, area.width(), height);
            boolean read = frames.read(framebuffer, band);
            int last = (area.right() - 1) / TileGrid.SIDE;
            for (int column = area.x() / TileGrid.SIDE; column <= last; column++) {
                int tile = row * grid.columns() + column;
                touched.set(tile);
                if (read) {
                    store(band, tile);
                }
            }
        }
    }

    /** Takes one tile's part of what was read over. */
    private void store(Rect band, int tile) {
        Rect part = band.intersection(grid.rect(tile));
        switch (frames.store(tile, part, band)) {
            case CHANGED -> changed.add(tile, part);
            case HELD -> damage.add(part);
            default -> {}
        }
    }
}
