// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.it;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.IntUnaryOperator;
import javax.imageio.ImageIO;

/** Pixels as somebody sees them, {@code 0x00RRGGBB} row by row. */
record Picture(int width, int height, int[] pixels) {

    /** Reads an image file, such as {@code virsh screenshot} writes. */
    static Picture readImage(Path file) {
        try {
            BufferedImage image = ImageIO.read(file.toFile());
            if (image == null) {
                throw new AssertionError(file + " is no image");
            }
            int width = image.getWidth();
            int height = image.getHeight();
            int[] pixels = image.getRGB(0, 0, width, height, null, 0, width);
            return new Picture(width, height, pixels).map(pixel -> pixel & 0xffffff);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads the top left part of the framebuffer file of {@code Xvfb -fbdir}: an X window dump of 32 bits a pixel. */
    static Picture readWindowDump(Path file, int width, int height) {
        try {
            ByteBuffer data = ByteBuffer.wrap(Files.readAllBytes(file));
            int headerSize = data.getInt(0);
            int bitsPerPixel = data.getInt(44);
            int bytesPerLine = data.getInt(48);
            int colours = data.getInt(76);
            if (bitsPerPixel != 32) {
                throw new AssertionError("the X server has " + bitsPerPixel + " bits a pixel");
            }
            data.order(ByteOrder.LITTLE_ENDIAN);
            int[] pixels = new int[width * height];
            for (int y = 0; y < height; y++) {
                data.position(headerSize + colours * 12 + y * bytesPerLine);
                data.asIntBuffer().get(pixels, y * width, width);
            }
            return new Picture(width, height, pixels).map(pixel -> pixel & 0xffffff);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Its first rows. */
    Picture top(int rows) {
        return new Picture(width, rows, Arrays.copyOf(pixels, width * rows));
    }

    Picture map(IntUnaryOperator change) {
        int[] changed = new int[pixels.length];
        for (int i = 0; i < pixels.length; i++) {
            changed[i] = change.applyAsInt(pixels[i]);
        }
        return new Picture(width, height, changed);
    }

    /** Whether all is one colour, which proves nothing. */
    boolean isPlain() {
        for (int pixel : pixels) {
            if (pixel != pixels[0]) {
                return false;
            }
        }
        return true;
    }

    /** Whether the other picture stands somewhere in this one. */
    boolean contains(Picture other) {
        for (int y = 0; y <= height - other.height; y++) {
            for (int x = 0; x <= width - other.width; x++) {
                if (stands(other, x, y)) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean stands(Picture other, int left, int top) {
        for (int y = 0; y < other.height; y++) {
            int at = (top + y) * width + left;
            int row = y * other.width;
            if (!Arrays.equals(pixels, at, at + other.width, other.pixels, row, row + other.width)) {
                return false;
            }
        }
        return true;
    }

    /** Where and how this picture differs from the other, if it does. */
    Optional<String> difference(Picture other) {
        if (width != other.width || height != other.height) {
            return Optional.of(width + "x" + height + " against " + other.width + "x" + other.height);
        }
        int count = 0;
        int first = -1;
        for (int i = 0; i < pixels.length; i++) {
            if (pixels[i] != other.pixels[i]) {
                first = first < 0 ? i : first;
                count++;
            }
        }
        return first < 0
                ? Optional.empty()
                : Optional.of("%d pixels differ, the first at %d,%d: %06x against %06x"
                        .formatted(count, first % width, first / width, pixels[first], other.pixels[first]));
    }

    /** Writes it where a person can look at it. */
    void save(Path png) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        image.setRGB(0, 0, width, height, pixels, 0, width);
        try {
            ImageIO.write(image, "png", png.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return "Picture[" + width + "x" + height + ", hash " + Integer.toHexString(Arrays.hashCode(pixels)) + "]";
    }
}
