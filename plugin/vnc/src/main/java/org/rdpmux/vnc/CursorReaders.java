// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.vnc;

import static org.rdpmux.vnc.RfbException.violation;

import io.netty.buffer.ByteBuf;
import java.util.function.Consumer;
import org.rdpmux.display.PointerShape;
import org.rdpmux.display.Rect;

/**
 * The pointer's shape, which servers send as the pixels of a rectangle whose corner is the hot spot. A shape without area
 * hides the pointer; one too large for {@link PointerShape.Image} becomes the client's own arrow.
 */
final class CursorReaders {

    private CursorReaders() {}

    /** Cursor pseudo-encoding (RFC 6143 section 7.8.1): pixels in our format, then a bit mask of the visible ones. */
    static RectangleReader rich(Rect header, Consumer<PointerShape> shapes) {
        int maskRow = (header.width() + 7) / 8;
        long size = header.area() * Integer.BYTES + (long) maskRow * header.height();
        if (!isImage(header)) {
            return withoutImage(header, size, shapes);
        }
        return in -> {
            if (in.readableBytes() < size) {
                return false;
            }
            int mask = in.readerIndex() + (int) header.area() * Integer.BYTES;
            int[] pixels = new int[(int) header.area()];
            for (int i = 0; i < pixels.length; i++) {
                int x = i % header.width();
                int bits = in.getByte(mask + i / header.width() * maskRow + x / 8);
                boolean visible = (bits & 0x80 >>> (x & 7)) != 0;
                int rgb = in.readIntLE() & 0xffffff;
                pixels[i] = visible ? 0xff000000 | rgb : 0;
            }
            in.skipBytes(maskRow * header.height());
            shapes.accept(image(header, pixels));
            return true;
        };
    }

    /**
     * Cursor With Alpha pseudo-encoding: an encoding number, then pixels of red, green, blue and alpha. The colours should
     * be multiplied by alpha, but a guest's shape is passed on as the guest made it by some servers, QEMU before 10 among
     * them.
     *
     * @param blueFirst whether the server is QEMU, which sends its own memory: blue, green, red, alpha
     */
    static RectangleReader alpha(Rect header, boolean blueFirst, Consumer<PointerShape> shapes) {
        long size = Integer.BYTES + header.area() * Integer.BYTES;
        RectangleReader noImage = isImage(header) ? null : withoutImage(header, size - Integer.BYTES, shapes);
        return new RectangleReader() {
            private boolean encodingRead;

            @Override
            public boolean read(ByteBuf in) {
                if (!encodingRead) {
                    if (in.readableBytes() < Integer.BYTES) {
                        return false;
                    }
                    int encoding = in.readInt();
                    if (encoding != Encodings.RAW) {
                        throw violation("CursorWithAlpha", "encoding", encoding + " is not Raw");
                    }
                    encodingRead = true;
                }
                if (noImage != null) {
                    return noImage.read(in);
                }
                if (in.readableBytes() < size - Integer.BYTES) {
                    return false;
                }
                int[] pixels = new int[(int) header.area()];
                for (int i = 0; i < pixels.length; i++) {
                    pixels[i] = blueFirst ? in.readIntLE() : Integer.rotateRight(in.readInt(), 8);
                }
                shapes.accept(image(header, pixels));
                return true;
            }
        };
    }

    private static boolean isImage(Rect header) {
        return !header.isEmpty()
                && header.width() <= PointerShape.Image.MAX_SIZE
                && header.height() <= PointerShape.Image.MAX_SIZE;
    }

    private static RectangleReader withoutImage(Rect header, long size, Consumer<PointerShape> shapes) {
        RectangleReader rest = RectangleReader.skip(size);
        return in -> {
            if (!rest.read(in)) {
                return false;
            }
            shapes.accept(header.isEmpty() ? new PointerShape.Hidden() : new PointerShape.Default());
            return true;
        };
    }

    private static PointerShape image(Rect header, int[] pixels) {
        return PointerShape.Image.ofGuest(header.width(), header.height(), header.x(), header.y(), pixels);
    }
}
