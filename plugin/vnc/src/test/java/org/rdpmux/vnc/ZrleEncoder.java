// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.vnc;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.Deflater;
import org.rdpmux.display.Rect;

/** The other side of ZRLE, written from the specification: packs each tile in the way it is told to. */
final class ZrleEncoder implements AutoCloseable {

    /** How to pack a tile; one that does not fit the tile's colours is replaced by RAW. */
    enum Packing {
        RAW,
        SOLID,
        PALETTE,
        RUNS,
        PALETTE_RUNS
    }

    private final Deflater deflater = new Deflater();

    @Override
    public void close() {
        deflater.end();
    }

    /** The rectangle's body: length and compressed tiles. The packings are used in turn. */
    byte[] encode(Rect area, int[] pixels, Packing... packings) {
        ByteArrayOutputStream tiles = new ByteArrayOutputStream();
        int n = 0;
        for (int y = 0; y < area.height(); y += 64) {
            for (int x = 0; x < area.width(); x += 64) {
                int width = Math.min(64, area.width() - x);
                int height = Math.min(64, area.height() - y);
                int[] tile = new int[width * height];
                for (int row = 0; row < height; row++) {
                    System.arraycopy(pixels, (y + row) * area.width() + x, tile, row * width, width);
                }
                tile(tile, width, packings[n++ % packings.length], tiles);
            }
        }
        return compress(tiles.toByteArray());
    }

    /** Length and zlib data of uncompressed tiles that the caller has packed. */
    byte[] compress(byte[] tiles) {
        deflater.setInput(tiles);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] buffer = new byte[4096];
        int count;
        while ((count = deflater.deflate(buffer, 0, buffer.length, Deflater.SYNC_FLUSH)) > 0) {
            out.write(buffer, 0, count);
        }
        return new ServerBytes().u32(out.size()).bytes(out.toByteArray()).array();
    }

    private static void tile(int[] tile, int width, Packing packing, ByteArrayOutputStream out) {
        List<Integer> palette = new ArrayList<>();
        Arrays.stream(tile).distinct().limit(128).forEach(palette::add);
        if (packing == Packing.SOLID && palette.size() == 1) {
            out.write(1);
            cpixel(tile[0], out);
        } else if (packing == Packing.PALETTE && palette.size() >= 2 && palette.size() <= 16) {
            packed(tile, width, palette, out);
        } else if (packing == Packing.RUNS) {
            out.write(128);
            runs(tile, null, out);
        } else if (packing == Packing.PALETTE_RUNS && palette.size() >= 2 && palette.size() <= 127) {
            out.write(128 + palette.size());
            palette.forEach(colour -> cpixel(colour, out));
            runs(tile, palette, out);
        } else {
            out.write(0);
            Arrays.stream(tile).forEach(pixel -> cpixel(pixel, out));
        }
    }

    private static void packed(int[] tile, int width, List<Integer> palette, ByteArrayOutputStream out) {
        int bits = palette.size() == 2 ? 1 : palette.size() <= 4 ? 2 : 4;
        out.write(palette.size());
        palette.forEach(colour -> cpixel(colour, out));
        for (int row = 0; row < tile.length; row += width) {
            StringBuilder digits = new StringBuilder();
            for (int x = 0; x < width; x++) {
                int index = palette.indexOf(tile[row + x]);
                digits.append(Integer.toBinaryString(1 << bits | index).substring(1));
            }
            digits.append("0".repeat((8 - digits.length() % 8) % 8));
            for (int i = 0; i < digits.length(); i += 8) {
                out.write(Integer.parseInt(digits.substring(i, i + 8), 2));
            }
        }
    }

    private static void runs(int[] tile, List<Integer> palette, ByteArrayOutputStream out) {
        for (int i = 0; i < tile.length; ) {
            int length = 1;
            while (i + length < tile.length && tile[i + length] == tile[i]) {
                length++;
            }
            if (palette == null) {
                cpixel(tile[i], out);
            } else {
                out.write(palette.indexOf(tile[i]) | (length > 1 ? 128 : 0));
            }
            if (palette == null || length > 1) {
                int rest = length - 1;
                for (; rest >= 255; rest -= 255) {
                    out.write(255);
                }
                out.write(rest);
            }
            i += length;
        }
    }

    private static void cpixel(int pixel, ByteArrayOutputStream out) {
        out.write(pixel);
        out.write(pixel >> 8);
        out.write(pixel >> 16);
    }
}
