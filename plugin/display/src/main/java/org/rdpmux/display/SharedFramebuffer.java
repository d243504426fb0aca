// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.display;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.Objects;

/**
 * A screen in memory that a guest shares, read by position: the guest may take the memory away or truncate it at any time, and
 * a read then comes out short where a mapping would fault. Any thread reads.
 */
public final class SharedFramebuffer implements Framebuffer {

    /**
     * Where the pixels stand in the memory.
     *
     * @param offset of the first pixel, in bytes
     * @param rowBytes from one row to the next, at least what a row takes
     */
    public record Layout(int width, int height, long offset, int rowBytes, PixelFormat format) {
        public Layout {
            Objects.requireNonNull(format);
            if (width < 1 || height < 1 || offset < 0 || rowBytes < (long) width * format.bytes()) {
                throw new IllegalArgumentException(
                        width + "x" + height + " in rows of " + rowBytes + " bytes from " + offset);
            }
        }

        /** Where the last pixel ends, in bytes. */
        public long end() {
            return offset + (height - 1L) * rowBytes + (long) width * format.bytes();
        }
    }

    /** Memory that can be read by position, from several threads at once. */
    @FunctionalInterface
    public interface Memory {
        /** Fills the buffer from a position; false if there are fewer bytes. */
        boolean readFully(ByteBuffer target, long position);

        /** Fills the buffer from a file's position; false if there are fewer bytes, or the file is closed. */
        static boolean readFully(FileChannel file, ByteBuffer target, long position) {
            try {
                long at = position;
                while (target.hasRemaining()) {
                    int read = file.read(target, at);
                    if (read <= 0) {
                        return false;
                    }
                    at += read;
                }
                return true;
            } catch (IOException e) {
                return false;
            }
        }
    }

    /** Where the memory comes from: it may appear, go and be replaced while the mode stays. */
    public interface Source {
        /** The memory, or null. */
        Memory memory();

        /** A read came out short: the guest took its memory away. May be called from any thread. */
        void lost();
    }

    /** At least one row of the widest screen; one such buffer for each thread that ever reads screens. */
    private static final int CHUNK = 256 * 1024;

    private static final ThreadLocal<ByteBuffer> BUFFER =
            ThreadLocal.withInitial(() -> ByteBuffer.allocateDirect(CHUNK).order(ByteOrder.LITTLE_ENDIAN));

    /** Areas of at least this part of a row are read with what lies between their rows: one call for many rows. */
    private static final int WIDE = 4;

    private final Layout layout;
    private final Source source;

    /** @param source asked at each read */
    public SharedFramebuffer(Layout layout, Source source) {
        this.layout = layout;
        this.source = source;
    }

    @Override
    public int width() {
        return layout.width();
    }

    @Override
    public int height() {
        return layout.height();
    }

    @Override
    public boolean read(Rect area, int[] target, int offset, int stride) {
        if (!bounds().contains(area)) {
            throw new IndexOutOfBoundsException(area + " is not inside " + width() + "x" + height());
        }
        if (area.isEmpty()) {
            return true;
        }
        long end = offset + (area.height() - 1L) * stride + area.width();
        if (stride < 0 || end > target.length) {
            throw new IndexOutOfBoundsException(area + " does not fit the target");
        }
        Objects.checkIndex(offset, target.length);
        Memory memory = source.memory();
        if (memory == null) {
            return false;
        }
        int pixelBytes = layout.format().bytes();
        int rowBytes = layout.rowBytes();
        int areaBytes = area.width() * pixelBytes;
        int rowsAtOnce = (long) areaBytes * WIDE >= rowBytes ? 1 + (CHUNK - areaBytes) / rowBytes : 1;
        ByteBuffer buffer = BUFFER.get();
        for (int y = 0; y < area.height(); y += rowsAtOnce) {
            int rows = Math.min(rowsAtOnce, area.height() - y);
            buffer.clear().limit((rows - 1) * rowBytes + areaBytes);
            long position = layout.offset() + (long) (area.y() + y) * rowBytes + (long) area.x() * pixelBytes;
            if (!memory.readFully(buffer, position)) {
                source.lost();
                return false;
            }
            for (int row = 0; row < rows; row++) {
                convert(buffer, row * rowBytes, target, offset + (y + row) * stride, area.width());
            }
        }
        return true;
    }

    private void convert(ByteBuffer from, int at, int[] to, int offset, int count) {
        PixelFormat format = layout.format();
        switch (format.bytes()) {
            case 4:
                from.position(at);
                from.asIntBuffer().get(to, offset, count);
                boolean shifted = format.equals(PixelFormat.RGBX8888);
                for (int i = offset; i < offset + count; i++) {
                    to[i] = shifted ? to[i] >>> 8 : to[i] & 0xffffff;
                }
                break;
            case 3:
                for (int i = 0; i < count; i++) {
                    int p = at + i * 3;
                    to[offset + i] = format.toRgb(from.getShort(p) & 0xffff | (from.get(p + 2) & 0xff) << 16);
                }
                break;
            default:
                for (int i = 0; i < count; i++) {
                    to[offset + i] = format.toRgb(from.getShort(at + i * 2) & 0xffff);
                }
                break;
        }
    }
}
