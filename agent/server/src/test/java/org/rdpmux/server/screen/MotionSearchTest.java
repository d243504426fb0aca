// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.screen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rdpmux.display.ArrayFramebuffer;
import org.rdpmux.display.Rect;

/** Pixels that moved without a word of the display's. */
class MotionSearchTest {

    private static final int WIDTH = 640;
    private static final int HEIGHT = 512;
    private static final long INTERVAL = 10;

    private final int[] pixels = new int[WIDTH * HEIGHT];
    private final ArrayFramebuffer guest = new ArrayFramebuffer(WIDTH, HEIGHT, pixels);
    private final Screen screen = FrameMemoryTest.screen(new TileGrid(WIDTH, HEIGHT), INTERVAL);
    private long now;

    private void paintText(Rect area, long seed) {
        Random random = new Random(seed);
        for (int y = area.y(); y + 16 <= area.bottom(); y += 16) {
            for (int x = area.x(); x + 8 <= area.right(); x += 8) {
                int glyph = random.nextInt(40) * 0x9e3779b1;
                for (int i = 0; i < 128; i++) {
                    pixels[(y + i / 8) * WIDTH + x + i % 8] = (glyph >>> i * 7 % 29 & 1) == 0 ? 0x101010 : 0xd0d0d0;
                }
            }
        }
    }

    private void move(Rect from, int dx, int dy) {
        int[] before = pixels.clone();
        for (int y = 0; y < from.height(); y++) {
            System.arraycopy(
                    before,
                    (from.y() + y) * WIDTH + from.x(),
                    pixels,
                    (from.y() + y + dy) * WIDTH + from.x() + dx,
                    from.width());
        }
    }

    private ScreenChange tick(Rect damage) {
        screen.damaged(damage, now);
        now += INTERVAL;
        return screen.tick(guest, now, true);
    }

    private void settle() {
        tick(guest.bounds());
        for (int i = 0; i < 50; i++) {
            tick(guest.bounds()); // what the first picture cost in searches is forgotten
        }
    }

    @ParameterizedTest
    @CsvSource({"0, -16", "0, 48", "-5, 0", "7, 9", "-100, -33"})
    void findsHowFarAnAreaMoved(int dx, int dy) {
        Arrays.fill(pixels, 0x204060);
        paintText(new Rect(128, 96, 320, 256), 1);
        settle();
        move(new Rect(128, 96, 320, 256), dx, dy);
        ScreenChange change = tick(new Rect(0, 32, 600, 470));
        assertEquals(1, change.moves().size(), change.moves()::toString);
        Move move = change.moves().get(0);
        assertEquals(List.of(dx, dy), List.of(move.dx(), move.dy()));
        assertTrue(change.afterMoves().count() < change.changed().count() / 2 + 4, change::toString);
    }

    @Test
    void aScrolledTerminalLeavesItsNewLine() {
        paintText(guest.bounds(), 2);
        settle();
        move(new Rect(0, 16, WIDTH, HEIGHT - 16), 0, -16);
        paintText(new Rect(0, HEIGHT - 16, WIDTH, 16), 3);
        ScreenChange change = tick(guest.bounds());
        assertEquals(List.of(new Move(new Rect(0, 0, WIDTH, HEIGHT - 16), 0, -16)), change.moves());
        assertEquals(10 * 64 * 16, change.afterMoves().pixels());
    }

    @Test
    void findsEachOfManyStepsOfAMove() {
        Arrays.fill(pixels, 0x204060);
        Rect window = new Rect(64, 64, 320, 256);
        paintText(window, 4);
        settle();
        int[][] steps = {{12, 5}, {12, 5}, {12, 5}, {-3, 1}, {-3, 1}, {0, 7}, {12, 5}};
        for (int[] step : steps) {
            move(window, step[0], step[1]);
            window = new Rect(window.x() + step[0], window.y() + step[1], window.width(), window.height());
            ScreenChange change = tick(new Rect(0, 0, 500, 450));
            assertEquals(1, change.moves().size(), change.moves()::toString);
            Move move = change.moves().get(0);
            assertEquals(List.of(step[0], step[1]), List.of(move.dx(), move.dy()));
        }
    }

    @Test
    void anotherMoveBesideOneThatGoesOnIsFound() {
        Rect left = new Rect(0, 0, 320, HEIGHT);
        Rect right = new Rect(320, 0, 320, HEIGHT);
        paintText(guest.bounds(), 5);
        settle();
        move(new Rect(0, 16, 320, HEIGHT - 16), 0, -16);
        assertEquals(1, tick(left).moves().size());
        move(new Rect(0, 16, 320, HEIGHT - 16), 0, -16);
        move(new Rect(320, 0, 320, HEIGHT - 32), 0, 32);
        ScreenChange change = tick(guest.bounds());
        assertEquals(2, change.moves().size(), change.moves()::toString);
        assertTrue(change.moves().stream().anyMatch(move -> move.dy() == 32 && right.intersects(move.to())));
    }

    @Test
    void findsNothingInNewPixels() {
        settle();
        for (int frame = 0; frame < 40; frame++) {
            int[] noise = new Random(frame).ints(pixels.length, 0, 1 << 24).toArray();
            System.arraycopy(noise, 0, pixels, 0, noise.length);
            ScreenChange change = tick(guest.bounds());
            assertEquals(List.of(), change.moves());
            assertEquals(screen.grid().count(), change.afterMoves().count());
        }
    }

    @Test
    void aPatternThatRepeatsIsNoProofOfAMove() {
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (i % WIDTH + i / WIDTH) % 2 == 0 ? 0xffffff : 0;
        }
        settle();
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] ^= 0xffffff;
        }
        ScreenChange change = tick(guest.bounds());
        for (Move move : change.moves()) {
            assertTrue((move.dx() + move.dy()) % 2 != 0, move::toString);
        }
        int[] shown = new int[pixels.length];
        for (int tile = 0; tile < screen.grid().count(); tile++) {
            int held = screen.hold(tile);
            Rect rect = screen.grid().rect(tile);
            for (int y = rect.y(); y < rect.bottom(); y++) {
                System.arraycopy(screen.pixels(held), y * WIDTH + rect.x(), shown, y * WIDTH + rect.x(), rect.width());
            }
            screen.release(tile, held);
        }
        assertTrue(Arrays.equals(pixels, shown));
    }
}
