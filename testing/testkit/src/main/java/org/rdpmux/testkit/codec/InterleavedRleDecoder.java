// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.testkit.codec;

/**
 * Decodes RLE_BITMAP_STREAM, [MS-RDPBCGR] 2.2.9.1.1.3.1.2.4 and 3.1.9. Stricter than the specification in one place:
 * an order that refers to the row before must not cross from the first row to the second, since clients disagree there.
 */
final class InterleavedRleDecoder {

    private final BitmapBytes in;
    private final int pixelBytes;
    private final int white;
    private final int width;
    private final int[] pixels;

    private int at;
    private int foreground;
    private boolean insertForeground;

    private InterleavedRleDecoder(byte[] data, int bits, int width, int height) {
        in = new BitmapBytes(data);
        pixelBytes = BitmapDecoder.pixelBytes(bits);
        white = (1 << bits) - 1;
        foreground = white;
        this.width = width;
        pixels = new int[width * height];
    }

    /** The stored pixels in the order of the stream. */
    static int[] decode(byte[] data, int bits, int width, int height) {
        if (bits != 15 && bits != 16 && bits != 24) {
            throw new IllegalArgumentException(bits + " bits per pixel");
        }
        return new InterleavedRleDecoder(data, bits, width, height).decode();
    }

    private int[] decode() {
        while (!in.isEmpty()) {
            order(in.unsignedByte("code"));
        }
        if (at != pixels.length) {
            throw new BitmapFormatException("ends after " + at + " of " + pixels.length + " pixels");
        }
        return pixels;
    }

    private void order(int header) {
        if (at == width) {
            insertForeground = false;
        }
        boolean inserts = insertForeground;
        insertForeground = false;
        if (header >= 0xf0) {
            megaOrSpecial(header, inserts);
            return;
        }
        switch (header >> 5) {
            case 0 -> background(regular(header, 31), inserts);
            case 1 -> foreground(regular(header, 31));
            case 2 -> image(imageLength(header, 31));
            case 3 -> colour(regular(header, 31));
            case 4 -> literal(regular(header, 31));
            default -> lite(header);
        }
    }

    private void lite(int header) {
        switch (header >> 4) {
            case 0xc -> {
                int length = regular(header, 15);
                foreground = pixel();
                foreground(length);
            }
            case 0xd -> {
                int length = imageLength(header, 15);
                foreground = pixel();
                image(length);
            }
            case 0xe -> dithered(regular(header, 15));
            default -> throw new BitmapFormatException("unknown code %#x".formatted(header));
        }
    }

    private void megaOrSpecial(int header, boolean inserts) {
        switch (header) {
            case 0xf0 -> background(mega(), inserts);
            case 0xf1 -> foreground(mega());
            case 0xf2 -> image(mega());
            case 0xf3 -> colour(mega());
            case 0xf4 -> literal(mega());
            case 0xf6 -> {
                int length = mega();
                foreground = pixel();
                foreground(length);
            }
            case 0xf7 -> {
                int length = mega();
                foreground = pixel();
                image(length);
            }
            case 0xf8 -> dithered(mega());
            case 0xf9 -> imageByte(0x03, 8);
            case 0xfa -> imageByte(0x05, 8);
            case 0xfd -> put(white);
            case 0xfe -> put(0);
            default -> throw new BitmapFormatException("unknown code %#x".formatted(header));
        }
    }

    private int regular(int header, int mask) {
        int length = header & mask;
        return length != 0 ? length : in.unsignedByte("length") + mask + 1;
    }

    private int imageLength(int header, int mask) {
        int length = header & mask;
        return length != 0 ? length * 8 : in.unsignedByte("length") + 1;
    }

    private int mega() {
        int length = in.little(2, "length");
        if (length == 0) {
            throw new BitmapFormatException("a length of 0 at " + in.position());
        }
        return length;
    }

    private int pixel() {
        return in.little(pixelBytes, "pixel");
    }

    private void background(int length, boolean inserts) {
        sameRow(length);
        for (int i = 0; i < length; i++) {
            put(inserts && i == 0 ? above() ^ foreground : above());
        }
        insertForeground = true;
    }

    private void foreground(int length) {
        sameRow(length);
        for (int i = 0; i < length; i++) {
            put(above() ^ foreground);
        }
    }

    private void image(int length) {
        sameRow(length);
        for (int left = length; left > 0; left -= 8) {
            imageByte(in.unsignedByte("bitmask"), Math.min(left, 8));
        }
    }

    private void imageByte(int mask, int length) {
        sameRow(length);
        for (int bit = 0; bit < length; bit++) {
            put((mask >> bit & 1) == 0 ? above() : above() ^ foreground);
        }
    }

    private void colour(int length) {
        int colour = pixel();
        for (int i = 0; i < length; i++) {
            put(colour);
        }
    }

    private void dithered(int pairs) {
        int first = pixel();
        int second = pixel();
        for (int i = 0; i < pairs; i++) {
            put(first);
            put(second);
        }
    }

    private void literal(int length) {
        for (int i = 0; i < length; i++) {
            put(pixel());
        }
    }

    private int above() {
        return at < width ? 0 : pixels[at - width];
    }

    private void put(int value) {
        if (at == pixels.length) {
            throw new BitmapFormatException("more than " + pixels.length + " pixels");
        }
        pixels[at++] = value;
    }

    private void sameRow(int length) {
        if (at < width && at + length > width) {
            throw new BitmapFormatException("order of " + length + " crosses from the first row at " + at);
        }
    }
}
