// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.librdpmux;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;
import org.rdpmux.display.Framebuffer;
import org.rdpmux.display.PixelFormat;
import org.rdpmux.display.Rect;

/** One mode's view of a guest's shared memory. */
final class SharedFramebuffer implements Framebuffer {

    /** Where the memory comes from: it may appear, go and be replaced while the mode stays. */
    interface Source {
        /** The memory, or null. */
        SharedMemory memory();

        /** A read came out short: the guest took its memory away. May be called from any thread. */
        void lost();
    }

    /** At least one row of the widest screen; one such buffer for each thread that ever reads screens. */
    private static final int CHUNK = 256 * 1024;

    private static final ThreadLocal<ByteBuffer> BUFFER =
            ThreadLocal.withInitial(() -> ByteBuffer.allocateDirect(CHUNK).order(ByteOrder.LITTLE_ENDIAN));

    /** Areas of at least this part of a row are read with what lies between their rows: one call for many rows. */
    private static final int WIDE = 4;

    private final ScreenMode mode;
    private final Source source;

    SharedFramebuffer(ScreenMode mode, Source source) {
        this.mode = mode;
        this.source = source;
    }

    @Override
    public int width() {
        return mode.width();
    }

    @Override
    public int height() {
        return mode.height();
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
        SharedMemory memory = source.memory();
        if (memory == null) {
            return false;
        }
        int pixelBytes = mode.format().bytes();
        int rowBytes = mode.rowBytes();
        int areaBytes = area.width() * pixelBytes;
        int rowsAtOnce = area.width() * WIDE >= width() ? 1 + (CHUNK - areaBytes) / rowBytes : 1;
        ByteBuffer buffer = BUFFER.get();
        for (int y = 0; y < area.height(); y += rowsAtOnce) {
            int rows = Math.min(rowsAtOnce, area.height() - y);
            buffer.clear().limit((rows - 1) * rowBytes + areaBytes);
            long position = (long) (area.y() + y) * rowBytes + (long) area.x() * pixelBytes;
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
        PixelFormat format = mode.format();
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
