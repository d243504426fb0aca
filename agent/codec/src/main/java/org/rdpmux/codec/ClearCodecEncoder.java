// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.codec;

import io.netty.buffer.ByteBuf;

/**
 * ClearCodec, [MS-RDPEGFX] 2.2.4.1 (CLEARCODEC_BITMAP_STREAM) and 3.3.8.1. Lossless, for what has few colours.
 *
 * <p>Only what leaves a decoder as it was is used: the residual layer, and the subcodecs RLEX and uncompressed. Neither glyphs
 * nor vertical bars: their caches belong to one connection. What is left of state is the sequence number, which must follow
 * from bitmap to bitmap of a connection: the encoder writes 0, and who sends the bytes puts the right one at {@link
 * #SEQUENCE_NUMBER}.
 *
 * <p>Whichever is shortest of these comes out: the rectangle's runs as a residual; or RLEX, whose palette makes a run two
 * bytes, where there are few colours, and else the rectangle's halves each by themselves, down to {@value #MIN_SPLIT} pixels;
 * or plain pixels.
 */
public final class ClearCodecEncoder implements SurfaceEncoder {

    /** Where in a bitmap the sequence number is: a byte that counts the connection's ClearCodec bitmaps, 0 after 255. */
    public static final int SEQUENCE_NUMBER = 1;

    /** {@code flags}, {@code seqNumber}, and the byte counts of the three layers. */
    private static final int HEADER = 2 + 3 * 4;

    /** CLEARCODEC_SUBCODEC before its data: position, size, byte count, id. */
    private static final int SUBCODEC_HEADER = 4 * 2 + 4 + 1;

    private static final int UNCOMPRESSED = 0;
    private static final int RLEX = 2;

    /** Blue, green, red. */
    private static final int PIXEL = 3;

    /** Rectangles of no more pixels than this are not halved: the palettes would cost more than is saved. */
    private static final int MIN_SPLIT = 256;

    private final Rlex rlex = new Rlex();
    private byte[] bytes = new byte[0];
    private int at;

    // The rectangle that is being encoded.
    private int[] pixels;
    private int offset;
    private int stride;

    @Override
    public int maxBytes(int width, int height) {
        return HEADER + SUBCODEC_HEADER + PIXEL * width * height;
    }

    @Override
    public void encode(int[] source, int sourceOffset, int sourceStride, int width, int height, ByteBuf out) {
        WireTile.check(source, sourceOffset, sourceStride, width, height, width);
        pixels = source;
        offset = sourceOffset;
        stride = sourceStride;
        int plain = SUBCODEC_HEADER + PIXEL * width * height;
        if (bytes.length < HEADER + plain + Rlex.MARGIN) {
            bytes = new byte[HEADER + plain + Rlex.MARGIN];
        }
        int residual = residualLength(width, height, plain);
        at = HEADER;
        if (writeSubcodecs(0, 0, width, height, HEADER + Math.min(residual, plain))) {
            writeHeader(0, at - HEADER);
        } else if (residual < plain) {
            at = HEADER;
            writeResidual(width, height);
            writeHeader(at - HEADER, 0);
        } else {
            at = HEADER;
            writeUncompressed(0, 0, width, height);
            writeHeader(0, at - HEADER);
        }
        out.writeBytes(bytes, 0, at);
        pixels = null;
    }

    private void writeHeader(int residual, int subcodecs) {
        bytes[0] = 0;
        bytes[SEQUENCE_NUMBER] = 0;
        writeInt(2, residual);
        writeInt(6, 0);
        writeInt(10, subcodecs);
    }

    /** The length of {@link #writeResidual}; or more than {@code most}, if it is. */
    private int residualLength(int width, int height, int most) {
        int length = 0;
        int run = 0;
        int last = pixels[offset] & 0xffffff;
        for (int y = 0; y < height && length <= most; y++) {
            int row = offset + y * stride;
            for (int i = row; i < row + width; i++) {
                int colour = pixels[i] & 0xffffff;
                if (colour != last) {
                    length += PIXEL + RunLength.size(run);
                    last = colour;
                    run = 0;
                }
                run++;
            }
        }
        return length + PIXEL + RunLength.size(run);
    }

    private void writeResidual(int width, int height) {
        int run = 0;
        int last = pixels[offset] & 0xffffff;
        for (int y = 0; y < height; y++) {
            int row = offset + y * stride;
            for (int i = row; i < row + width; i++) {
                int colour = pixels[i] & 0xffffff;
                if (colour != last) {
                    writeRun(last, run);
                    last = colour;
                    run = 0;
                }
                run++;
            }
        }
        writeRun(last, run);
    }

    private void writeRun(int colour, int length) {
        writePixel(colour);
        at = RunLength.write(length, bytes, at);
    }

    /** Writes a part of the rectangle; false, with some written, if that takes as much as up to {@code limit}. */
    private boolean writeSubcodecs(int left, int top, int width, int height, int limit) {
        if (at + SUBCODEC_HEADER >= limit) {
            return false;
        }
        if (rlex.load(pixels, offset + top * stride + left, stride, width, height)) {
            int data = at + SUBCODEC_HEADER;
            int plain = data + PIXEL * width * height;
            int end = rlex.write(bytes, data, Math.min(plain, limit) - 1);
            if (end >= 0) {
                writeSubcodecHeader(left, top, width, height, RLEX, end - data);
                at = end;
                return true;
            }
        } else if (width * height > MIN_SPLIT) {
            int halfWidth = width >= height ? width / 2 : width;
            int halfHeight = width >= height ? height : height / 2;
            int nextLeft = width >= height ? left + halfWidth : left;
            int nextTop = width >= height ? top : top + halfHeight;
            return writeSubcodecs(left, top, halfWidth, halfHeight, limit)
                    && writeSubcodecs(nextLeft, nextTop, left + width - nextLeft, top + height - nextTop, limit);
        }
        if (at + SUBCODEC_HEADER + PIXEL * width * height >= limit) {
            return false;
        }
        writeUncompressed(left, top, width, height);
        return true;
    }

    private void writeUncompressed(int left, int top, int width, int height) {
        writeSubcodecHeader(left, top, width, height, UNCOMPRESSED, PIXEL * width * height);
        at += SUBCODEC_HEADER;
        for (int y = top; y < top + height; y++) {
            int row = offset + y * stride + left;
            for (int i = row; i < row + width; i++) {
                writePixel(pixels[i]);
            }
        }
    }

    private void writeSubcodecHeader(int left, int top, int width, int height, int id, int length) {
        writeShort(at, left);
        writeShort(at + 2, top);
        writeShort(at + 4, width);
        writeShort(at + 6, height);
        writeInt(at + 8, length);
        bytes[at + 12] = (byte) id;
    }

    private void writePixel(int colour) {
        bytes[at++] = (byte) colour;
        bytes[at++] = (byte) (colour >>> 8);
        bytes[at++] = (byte) (colour >>> 16);
    }

    private void writeShort(int to, int value) {
        bytes[to] = (byte) value;
        bytes[to + 1] = (byte) (value >>> 8);
    }

    private void writeInt(int to, int value) {
        writeShort(to, value);
        writeShort(to + 2, value >>> 16);
    }
}
