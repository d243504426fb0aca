// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.control.cli;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import javax.imageio.ImageIO;

/** What a screen is to show. Its transparent pixels match anything. Immutable. */
final class ScreenImage {

    /** Of a file: more than the largest screen takes. */
    private static final long MAX_BYTES = 128L * 1024 * 1024;

    private static final int OPAQUE = 0xff;

    private final int width;
    private final int height;
    /** {@code 0xAARRGGBB}, row by row. */
    private final int[] pixels;

    private ScreenImage(int width, int height, int... pixels) {
        this.width = width;
        this.height = height;
        this.pixels = pixels;
    }

    /** @throws IOException a sentence */
    static ScreenImage read(Path file) throws IOException {
        if (Files.size(file) > MAX_BYTES) {
            throw new IOException(file + " has more than " + MAX_BYTES + " bytes");
        }
        return decode(Files.readAllBytes(file), file.toString());
    }

    /** @param name for people @throws IOException a sentence */
    static ScreenImage decode(byte[] bytes, String name) throws IOException {
        ImageIO.setUseCache(false);
        BufferedImage image = ImageIO.read(new ByteArrayInputStream(bytes));
        if (image == null) {
            throw new IOException(name + " is no image; PNG is one");
        }
        int width = image.getWidth();
        int height = image.getHeight();
        return new ScreenImage(width, height, image.getRGB(0, 0, width, height, null, 0, width));
    }

    int width() {
        return width;
    }

    int height() {
        return height;
    }

    /** A part of it, which has to be inside. */
    ScreenImage part(ScreenRegion region) {
        int[] part = new int[region.width() * region.height()];
        for (int y = 0; y < region.height(); y++) {
            System.arraycopy(pixels, (region.y() + y) * width + region.x(), part, y * region.width(), region.width());
        }
        return new ScreenImage(region.width(), region.height(), part);
    }

    /**
     * How many pixels of another image, which is shown, differ from this one.
     *
     * @param tolerance by how much each of red, green and blue may differ, of 255
     * @return all of them if the sizes differ
     */
    long differences(ScreenImage shown, int tolerance) {
        if (shown.width != width || shown.height != height) {
            return pixels.length;
        }
        return count(shown, tolerance);
    }

    private long count(ScreenImage shown, int tolerance) {
        long count = 0;
        for (int i = 0; i < pixels.length; i++) {
            count += matches(pixels[i], shown.pixels[i], tolerance) ? 0 : 1;
        }
        return count;
    }

    private static boolean matches(int wanted, int shown, int tolerance) {
        return wanted >>> 24 == 0
                || near(wanted >> 16, shown >> 16, tolerance)
                        && near(wanted >> 8, shown >> 8, tolerance)
                        && near(wanted, shown, tolerance);
    }

    private static boolean near(int a, int b, int tolerance) {
        return Math.abs((a & OPAQUE) - (b & OPAQUE)) <= tolerance;
    }

    /**
     * A part of a screen in pixels.
     *
     * @param width 0 for all of the screen
     */
    record ScreenRegion(int x, int y, int width, int height) {

        static final ScreenRegion ALL = new ScreenRegion(0, 0, 0, 0);

        /**
         * Reads {@code X,Y,WIDTH,HEIGHT}.
         *
         * @throws IllegalArgumentException a sentence
         */
        static ScreenRegion parse(String text) {
            if (!text.matches("[0-9]{1,5}(,[0-9]{1,5}){3}")) {
                throw new IllegalArgumentException("'" + text + "' is not X,Y,WIDTH,HEIGHT, such as 0,0,320,200");
            }
            int[] numbers =
                    Arrays.stream(text.split(",")).mapToInt(Integer::parseInt).toArray();
            if (numbers[2] == 0 || numbers[3] == 0) {
                throw new IllegalArgumentException("'" + text + "' has no pixels");
            }
            return new ScreenRegion(numbers[0], numbers[1], numbers[2], numbers[3]);
        }

        boolean isWithin(int screenWidth, int screenHeight) {
            return x + width <= screenWidth && y + height <= screenHeight;
        }
    }
}
