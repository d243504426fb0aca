// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.it;

import java.util.List;
import org.rdpmux.display.Rect;

/** What happens on a guest's screen, frame by frame; like the scenes of {@code testing/bench}. */
enum Scene {
    /** One character a frame. */
    TYPE,
    /** A terminal moves up by a line. */
    SCROLL,
    /** A window with a photo is dragged over the desktop. */
    WINDOW,
    /** A moving photo in a window. */
    VIDEO,
    /** A moving photo all over the screen. */
    FULL;

    private static final int GLYPH_WIDTH = 8;
    private static final int GLYPH_HEIGHT = 16;
    private static final int DESKTOP = 0x204060;

    /** A desktop of one colour, some text and a small photo. */
    static Picture desktop(int width, int height, int seed) {
        Picture screen = new Picture(width, height, new int[width * height]);
        fill(screen, new Rect(0, 0, width, height), DESKTOP);
        text(screen, new Rect(width / 3, height / 4, width / 3, height / 2), seed);
        photo(screen, new Rect(width / 8, height / 8, width / 8, height / 8), seed);
        return screen;
    }

    /** Paints a frame of it. */
    void paint(VncGuest guest, int frame) {
        if (this == SCROLL) {
            Picture size = guest.picture();
            Rect terminal = middle(size.width(), size.height());
            Rect line = new Rect(terminal.x(), terminal.bottom() - GLYPH_HEIGHT, terminal.width(), GLYPH_HEIGHT);
            guest.scrollUp(terminal, GLYPH_HEIGHT, screen -> List.of(text(screen, line, frame)));
        } else {
            guest.paint(screen -> paint(screen, frame));
        }
    }

    private List<Rect> paint(Picture screen, int frame) {
        Rect middle = middle(screen.width(), screen.height());
        return switch (this) {
            case VIDEO -> List.of(photo(screen, middle, 7 * frame));
            case FULL -> List.of(photo(screen, new Rect(0, 0, screen.width(), screen.height()), 7 * frame));
            case WINDOW ->
                List.of(fill(screen, window(screen, frame - 1), DESKTOP), photo(screen, window(screen, frame), 0));
            default -> {
                int column = frame % (middle.width() / GLYPH_WIDTH);
                int row = frame / (middle.width() / GLYPH_WIDTH) % (middle.height() / GLYPH_HEIGHT);
                yield List.of(text(
                        screen,
                        new Rect(
                                middle.x() + column * GLYPH_WIDTH,
                                middle.y() + row * GLYPH_HEIGHT,
                                GLYPH_WIDTH,
                                GLYPH_HEIGHT),
                        frame));
            }
        };
    }

    /** A quarter of the screen. */
    private static Rect middle(int width, int height) {
        return new Rect(width / 4, height / 4, width / 2, height / 2);
    }

    private static Rect window(Picture screen, int frame) {
        int x = 12 * Math.max(0, frame) % (screen.width() / 2);
        int y = 5 * Math.max(0, frame) % (screen.height() / 2);
        return new Rect(x, y, screen.width() / 3, screen.height() / 3);
    }

    private static Rect fill(Picture screen, Rect area, int colour) {
        for (int y = area.y(); y < area.bottom(); y++) {
            java.util.Arrays.fill(
                    screen.pixels(), y * screen.width() + area.x(), y * screen.width() + area.right(), colour);
        }
        return area;
    }

    /** Gradients, never the same for two shifts. */
    private static Rect photo(Picture screen, Rect area, int shift) {
        for (int y = 0; y < area.height(); y++) {
            int at = (area.y() + y) * screen.width() + area.x();
            int down = y + shift;
            for (int x = 0; x < area.width(); x++) {
                int across = x + shift;
                int noise = (across * 0x9e3779b1 + down * 0x85ebca6b) >>> 28;
                int red = (across * 3 + down >> 3) + noise & 255;
                int green = (across + down * 2 >> 3) + noise & 255;
                int blue = ((across ^ down) >> 2) + noise & 255;
                screen.pixels()[at + x] = red << 16 | green << 8 | blue;
            }
        }
        return area;
    }

    /** Characters, other ones for each seed. */
    private static Rect text(Picture screen, Rect area, int seed) {
        for (int y = 0; y < area.height(); y++) {
            int at = (area.y() + y) * screen.width() + area.x();
            for (int x = 0; x < area.width(); x++) {
                int shape = (x / GLYPH_WIDTH + 131 * (y / GLYPH_HEIGHT) + 7919 * seed) * 0x9e3779b1;
                boolean ink = (shape >>> (y % GLYPH_HEIGHT + x % GLYPH_WIDTH) & 1) == 1;
                screen.pixels()[at + x] = ink ? 0xd0d0d0 : 0x101010;
            }
        }
        return area;
    }
}
