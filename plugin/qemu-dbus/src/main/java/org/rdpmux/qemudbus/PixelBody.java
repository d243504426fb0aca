// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.qemudbus;

import static org.rdpmux.qemudbus.DbusException.violation;

import io.netty.buffer.ByteBuf;
import java.nio.ByteOrder;
import org.rdpmux.display.PixelFormat;
import org.rdpmux.display.Rect;

/**
 * Reads the pixels of a {@code Scanout} or {@code Update} as they arrive: numbers that say where and in which form, and the
 * bytes of the rows.
 */
final class PixelBody implements MessageBody {

    /** {@code Scanout}: width, height, stride, format, data. */
    static final String SCANOUT = "uuuuay";

    /** {@code Update}: x, y, width, height, stride, format, data. */
    static final String UPDATE = "iiiiuuay";

    /** Where the pixels go. */
    interface Target {
        /**
         * @param area of the screen; for a Scanout, all of it, in the size that it has from now on
         * @return whether the pixels are wanted
         */
        boolean begin(boolean scanout, Rect area);

        /** The pixels of the screen, row by row in the width of the screen. */
        int[] pixels();

        int width();

        /** All pixels are there. */
        void end(boolean scanout, Rect area);
    }

    private final boolean scanout;
    private final int bodyLength;
    private final Target target;

    private Rect area;
    private PixelFormat format;
    private boolean wanted;
    private int stride;
    private int length;
    /** How many of the data's bytes were read. */
    private int done;

    PixelBody(MessageHeader header, Target target) {
        this.scanout = header.signature().equals(SCANOUT);
        this.bodyLength = header.bodyLength();
        this.target = target;
    }

    @Override
    public boolean read(ByteBuf in) {
        if (area == null && !readPlace(in)) {
            return false;
        }
        while (done < length && in.isReadable()) {
            int taken = wanted ? takeRow(in) : Math.min(in.readableBytes(), length - done);
            if (taken == 0) {
                return false; // part of a pixel
            }
            in.skipBytes(taken);
            done += taken;
        }
        if (done < length) {
            return false;
        }
        if (wanted) {
            target.end(scanout, area);
        }
        return true;
    }

    private boolean readPlace(ByteBuf in) {
        int numbers = scanout ? 5 : 7; // the last is the length of the data
        if (in.readableBytes() < numbers * Integer.BYTES) {
            return false;
        }
        int x = scanout ? 0 : in.readIntLE();
        int y = scanout ? 0 : in.readIntLE();
        area = QemuScreen.area(x, y, in.readIntLE(), in.readIntLE());
        stride = in.readIntLE();
        format = QemuScreen.format(in.readIntLE());
        length = in.readIntLE();
        long least = (area.height() - 1L) * stride + (long) area.width() * format.bytes();
        if (stride < area.width() * format.bytes() || length < least || length > (long) area.height() * stride) {
            throw violation("pixels", "of " + area + " in rows of " + stride + " bytes have " + length + " bytes");
        }
        if (length != bodyLength - numbers * Integer.BYTES) {
            throw violation("pixels", "are not as long as their message");
        }
        wanted = target.begin(scanout, area);
        return true;
    }

    /** Reads whole pixels of the present row, or what lies between rows. Returns how many bytes it read, 0 for none. */
    private int takeRow(ByteBuf in) {
        int row = done / stride;
        int inRow = done % stride;
        int rowBytes = area.width() * format.bytes();
        int available = Math.min(in.readableBytes(), length - done);
        if (inRow >= rowBytes) {
            return Math.min(available, stride - inRow);
        }
        int count = Math.min(available, rowBytes - inRow) / format.bytes();
        int[] pixels = target.pixels();
        int to = (area.y() + row) * target.width() + area.x() + inRow / format.bytes();
        int from = in.readerIndex();
        if (format.equals(PixelFormat.XRGB8888)) {
            in.nioBuffer(from, count * Integer.BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asIntBuffer()
                    .get(pixels, to, count);
        } else {
            for (int i = 0; i < count; i++) {
                pixels[to + i] = format.toRgb(stored(in, from + i * format.bytes()));
            }
        }
        return count * format.bytes();
    }

    private int stored(ByteBuf in, int at) {
        return switch (format.bytes()) {
            case 2 -> in.getUnsignedShortLE(at);
            case 3 -> in.getUnsignedMediumLE(at);
            default -> in.getIntLE(at);
        };
    }
}
