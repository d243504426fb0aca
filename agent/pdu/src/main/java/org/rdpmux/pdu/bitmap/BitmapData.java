// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.bitmap;

import io.netty.buffer.ByteBuf;
import org.rdpmux.pdu.Pdu;
import org.rdpmux.pdu.PduException;

/**
 * TS_BITMAP_DATA ([MS-RDPBCGR] 2.2.9.1.1.3.1.2.2) without its pixels: {@link #encode} writes all that precedes them,
 * and {@code dataLength} bytes of pixels follow, so that they need not be copied.
 *
 * <p>The bitmap may be larger than the rectangle it is drawn to (a width padded to a multiple of four); the client cuts
 * it. Uncompressed rows are stored bottom-up, each padded to four bytes.
 *
 * @param left where to draw, 0 to 65535
 * @param right inclusive, as on the wire; likewise {@code bottom}
 * @param width of the bitmap, in pixels; likewise {@code height}
 * @param bitsPerPixel 8, 15, 16, 24 or 32
 * @param compression how the pixels are stored
 * @param dataLength bytes of pixel data
 */
public record BitmapData(
        int left,
        int top,
        int right,
        int bottom,
        int width,
        int height,
        int bitsPerPixel,
        Compression compression,
        int dataLength)
        implements Pdu {

    /** What flags says about the pixels. */
    public enum Compression {
        /** Raw rows. */
        NONE,
        /** Compressed, behind a TS_CD_HEADER: for clients without NO_BITMAP_COMPRESSION_HDR in their general set. */
        WITH_HEADER,
        /** Compressed, nothing in front. */
        WITHOUT_HEADER
    }

    /** Bytes of header without TS_CD_HEADER. */
    public static final int SIZE = 18;
    /** TS_CD_HEADER. */
    public static final int COMPRESSION_HEADER_SIZE = 8;
    /** bitmapLength has 16 bits and may count a TS_CD_HEADER. */
    public static final int MAX_DATA = 0xffff - COMPRESSION_HEADER_SIZE;

    private static final String NAME = "TS_BITMAP_DATA";
    private static final int BITMAP_COMPRESSION = 0x0001;
    private static final int NO_BITMAP_COMPRESSION_HDR = 0x0400;

    public BitmapData {
        if (left < 0 || top < 0 || right < left || bottom < top || right > 0xffff || bottom > 0xffff) {
            throw new IllegalArgumentException("rectangle " + left + "," + top + " to " + right + "," + bottom);
        }
        if (width < 1 || width > 0xffff || height < 1 || height > 0xffff) {
            throw new IllegalArgumentException("bitmap of " + width + "x" + height);
        }
        if (dataLength < 0 || dataLength > MAX_DATA) {
            throw new IllegalArgumentException(dataLength + " bytes of pixels");
        }
    }

    /** Reads up to the pixels, of which {@code dataLength} bytes are then left in {@code in}. */
    public static BitmapData decode(ByteBuf in) {
        PduException.need(in, SIZE, NAME, "destLeft");
        int left = in.readUnsignedShortLE(); // 2 bytes
        int top = in.readUnsignedShortLE(); // 2 bytes
        int right = in.readUnsignedShortLE(); // 2 bytes, inclusive
        int bottom = in.readUnsignedShortLE(); // 2 bytes, inclusive
        PduException.range(right, left, 0xffff, NAME, "destRight");
        PduException.range(bottom, top, 0xffff, NAME, "destBottom");
        int width = in.readUnsignedShortLE(); // 2 bytes
        int height = in.readUnsignedShortLE(); // 2 bytes
        PduException.range(width, 1, 0xffff, NAME, "width");
        PduException.range(height, 1, 0xffff, NAME, "height");
        int bitsPerPixel = in.readUnsignedShortLE(); // 2 bytes
        int flags = in.readUnsignedShortLE(); // 2 bytes
        int length = in.readUnsignedShortLE(); // bitmapLength: 2 bytes, TS_CD_HEADER counted
        PduException.need(in, length, NAME, "bitmapLength");
        Compression compression = Compression.NONE;
        if ((flags & BITMAP_COMPRESSION) != 0) {
            compression =
                    (flags & NO_BITMAP_COMPRESSION_HDR) != 0 ? Compression.WITHOUT_HEADER : Compression.WITH_HEADER;
        }
        if (compression == Compression.WITH_HEADER) {
            PduException.range(length, COMPRESSION_HEADER_SIZE, 0xffff, NAME, "bitmapLength");
            in.skipBytes(2); // cbCompFirstRowSize: 2 bytes, zero
            int body = in.readUnsignedShortLE(); // cbCompMainBodySize: 2 bytes
            in.skipBytes(4); // cbScanWidth 2 bytes, cbUncompressedSize 2 bytes: both follow from width and height
            PduException.expect(body, length - COMPRESSION_HEADER_SIZE, NAME, "cbCompMainBodySize");
            length = body;
        }
        PduException.range(length, 0, MAX_DATA, NAME, "bitmapLength");
        return new BitmapData(left, top, right, bottom, width, height, bitsPerPixel, compression, length);
    }

    /** Bytes of header; the pixels come on top. */
    @Override
    public int size() {
        return compression == Compression.WITH_HEADER ? SIZE + COMPRESSION_HEADER_SIZE : SIZE;
    }

    @Override
    public void encode(ByteBuf out) {
        out.writeShortLE(left).writeShortLE(top).writeShortLE(right).writeShortLE(bottom);
        out.writeShortLE(width).writeShortLE(height).writeShortLE(bitsPerPixel);
        switch (compression) {
            case NONE -> out.writeShortLE(0).writeShortLE(dataLength);
            case WITHOUT_HEADER ->
                out.writeShortLE(BITMAP_COMPRESSION | NO_BITMAP_COMPRESSION_HDR).writeShortLE(dataLength);
            case WITH_HEADER -> {
                out.writeShortLE(BITMAP_COMPRESSION).writeShortLE(dataLength + COMPRESSION_HEADER_SIZE);
                int scanWidth = width * ((bitsPerPixel + 7) / 8);
                out.writeShortLE(0).writeShortLE(dataLength);
                out.writeShortLE(scanWidth).writeShortLE(scanWidth * height);
            }
            default -> throw new IllegalStateException(compression.toString());
        }
    }
}
