// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.codec;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * Writes pictures as PNG (ISO/IEC 15948): truecolour of 8 bits, without loss. Each row is filtered against the one above, which
 * makes zeros of the plain areas that screens consist of.
 */
public final class Png {

    private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
    private static final int BITS = 8;
    private static final int TRUECOLOUR = 2;
    private static final int BYTES_PER_PIXEL = 3;
    private static final int FILTER_UP = 2;
    /** Of a chunk: its length, its type and its checksum. */
    private static final int CHUNK_OVERHEAD = 12;

    private static final int CHUNK = 64 * 1024;

    private Png() {}

    /**
     * Encodes a picture.
     *
     * @param pixels {@code 0x00RRGGBB}, row by row without gaps
     * @param width 1 or more
     * @param height likewise
     */
    public static byte[] encode(int[] pixels, int width, int height) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(CHUNK);
        out.writeBytes(SIGNATURE);
        byte[] header = ByteBuffer.allocate(13)
                .putInt(width)
                .putInt(height)
                .put((byte) BITS)
                .put((byte) TRUECOLOUR)
                .put(new byte[3])
                .array();
        chunk(out, "IHDR", header, header.length);
        Deflater deflater = new Deflater(Deflater.BEST_SPEED);
        try {
            byte[] row = new byte[1 + width * BYTES_PER_PIXEL];
            byte[] chunk = new byte[CHUNK];
            int length = 0;
            for (int y = 0; y <= height; y++) {
                if (y < height) {
                    filter(pixels, y * width, width, row);
                    deflater.setInput(row);
                } else {
                    deflater.finish();
                }
                for (int more = 1; more > 0; ) {
                    more = deflater.deflate(chunk, length, chunk.length - length);
                    length += more;
                    if (length == chunk.length) {
                        chunk(out, "IDAT", chunk, length);
                        length = 0;
                    }
                }
            }
            chunk(out, "IDAT", chunk, length);
        } finally {
            deflater.end();
        }
        chunk(out, "IEND", new byte[0], 0);
        return out.toByteArray();
    }

    /** Above the first row everything is zero. */
    private static void filter(int[] pixels, int from, int width, byte[] row) {
        row[0] = FILTER_UP;
        for (int x = 0; x < width; x++) {
            int pixel = pixels[from + x];
            int above = from == 0 ? 0 : pixels[from + x - width];
            row[1 + x * BYTES_PER_PIXEL] = (byte) ((pixel >> 16) - (above >> 16));
            row[2 + x * BYTES_PER_PIXEL] = (byte) ((pixel >> 8) - (above >> 8));
            row[3 + x * BYTES_PER_PIXEL] = (byte) (pixel - above);
        }
    }

    private static void chunk(ByteArrayOutputStream out, String type, byte[] data, int length) {
        byte[] bytes = ByteBuffer.allocate(length + CHUNK_OVERHEAD)
                .putInt(length)
                .put(type.getBytes(StandardCharsets.US_ASCII))
                .put(data, 0, length)
                .array();
        CRC32 checksum = new CRC32();
        checksum.update(bytes, Integer.BYTES, length + Integer.BYTES);
        ByteBuffer.wrap(bytes).putInt(length + 2 * Integer.BYTES, (int) checksum.getValue());
        out.writeBytes(bytes);
    }
}
