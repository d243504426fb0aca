// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.client;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import org.rdpmux.codec.FrameEncoder;
import org.rdpmux.codec.FrameEncoder.Encoding;
import org.rdpmux.display.Rect;
import org.rdpmux.pdu.bitmap.BitmapData;
import org.rdpmux.pdu.bitmap.BitmapData.Compression;
import org.rdpmux.pdu.bitmap.BitmapUpdate;
import org.rdpmux.pdu.fastpath.UpdateCode;
import org.rdpmux.pdu.share.DataBody;
import org.rdpmux.pdu.surface.FrameMarker;
import org.rdpmux.server.connection.ClientProfile;
import org.rdpmux.server.connection.Share;
import org.rdpmux.server.console.FrameBatch;

/**
 * Writes tiles as bitmap updates: fast-path, with as many updates in a PDU as it holds, or slow-path. Each update has one
 * rectangle, since there are clients that draw no more than the first. What has a loss goes as surface commands.
 */
final class BitmapWriter implements PixelWriter {

    private static final int TILE_HEADER = BitmapUpdate.HEADER_SIZE + BitmapData.SIZE;

    private final ClientProfile.Graphics graphics;
    private final Share share;
    private final int desktopWidth;
    private final int desktopHeight;
    private final boolean markers;
    private final Compression compressed;
    private final ByteBufAllocator allocator;
    private final FastPathPacker packer = new FastPathPacker();
    /** Null if the client takes no RemoteFX. */
    private final RemoteFxWriter remoteFx;

    BitmapWriter(ClientProfile profile, Share share, ByteBufAllocator allocator) {
        this.graphics = profile.graphics();
        this.share = share;
        this.desktopWidth = profile.desktop().width();
        this.desktopHeight = profile.desktop().height();
        this.allocator = allocator;
        this.markers = graphics.fastPath()
                && graphics.frames().markers()
                && graphics.frames().acknowledges();
        this.compressed = graphics.compressionHeader() ? Compression.WITH_HEADER : Compression.WITHOUT_HEADER;
        this.remoteFx = graphics.surfaceCodec()
                .map(codec -> new RemoteFxWriter(codec, new Rect(0, 0, desktopWidth, desktopHeight)))
                .orElse(null);
    }

    @Override
    public boolean marksFrames() {
        return markers;
    }

    /** The tiles are copied once, from arrays to an array, which is what TLS of the JDK reads best. */
    @Override
    public ByteBuf write(FrameBatch batch) {
        if (batch.count() == 0) {
            batch.release();
            return Unpooled.EMPTY_BUFFER;
        }
        // The bound of a tile's overhead: headers in slow-path, and a PDU of its own in fast-path.
        int overhead = TILE_HEADER + BitmapData.COMPRESSION_HEADER_SIZE + share.headerSize(0) + 16;
        ByteBuf out = allocator.heapBuffer(batch.totalBytes() + batch.count() * overhead + 64);
        try {
            if (markers) {
                writeMarker(out, FrameMarker.BEGIN, batch.frame());
            }
            if (remoteFx != null) {
                remoteFx.write(batch, packer, out);
            }
            for (int i = 0; i < batch.count(); i++) {
                if (batch.encoding(i) != Encoding.REMOTEFX) {
                    writeTile(out, batch, i);
                }
            }
            if (markers) {
                writeMarker(out, FrameMarker.END, batch.frame());
            }
            packer.end(out);
            return out;
        } catch (RuntimeException e) {
            packer.reset();
            out.release();
            throw e;
        } finally {
            batch.release();
        }
    }

    private void writeMarker(ByteBuf out, int action, int frame) {
        packer.begin(out, UpdateCode.SURFACE_COMMANDS, FrameMarker.SIZE);
        new FrameMarker(action, frame).encode(out);
    }

    private void writeTile(ByteBuf out, FrameBatch batch, int index) {
        Rect area = batch.area(index);
        if (area.x() >= desktopWidth || area.y() >= desktopHeight) {
            return; // the client's desktop cannot be resized and is smaller than the guest's
        }
        ByteBuf bytes = batch.bytes(index);
        int from = bytes.readerIndex();
        int length = bytes.readableBytes();
        int width = FrameEncoder.wireWidth(area.width());
        int height = area.height();
        Compression compression = batch.encoding(index) == Encoding.RAW ? Compression.NONE : compressed;
        if (length <= maxData() || compression != Compression.NONE) {
            writeBitmap(out, area, width, height, compression, bytes, from, length);
            return;
        }
        // Plain pixels that are too many for one PDU: rows are stored from the bottom, so the first bytes are the
        // lowest.
        int row = length / height;
        int most = maxData() / row;
        for (int bottom = height; bottom > 0; bottom -= most) {
            int top = Math.max(0, bottom - most);
            int part = (bottom - top) * row;
            writeBitmap(out, rows(area, top, bottom), width, bottom - top, compression, bytes, from, part);
            from += part;
        }
    }

    private int maxData() {
        return (graphics.fastPath() ? FastPathPacker.MAX_UPDATE : Share.MAX_BODY) - TILE_HEADER;
    }

    /** The rows {@code top} to {@code bottom} (exclusive) of an area. */
    private static Rect rows(Rect area, int top, int bottom) {
        return new Rect(area.x(), area.y() + top, area.width(), bottom - top);
    }

    private void writeBitmap(
            ByteBuf out,
            Rect area,
            int width,
            int height,
            Compression compression,
            ByteBuf bytes,
            int from,
            int length) {
        if (area.y() >= desktopHeight) {
            return;
        }
        BitmapData data = new BitmapData(
                area.x(),
                area.y(),
                Math.min(area.right(), desktopWidth) - 1,
                Math.min(area.bottom(), desktopHeight) - 1,
                width,
                height,
                graphics.bitsPerPixel(),
                compression,
                length);
        int size = BitmapUpdate.HEADER_SIZE + data.size() + length;
        if (graphics.fastPath()) {
            packer.begin(out, UpdateCode.BITMAP, size);
        } else {
            share.writeHeaders(out, DataBody.UPDATE, size);
        }
        BitmapUpdate.writeHeader(out, 1);
        data.encode(out);
        out.writeBytes(bytes, from, length);
    }
}
