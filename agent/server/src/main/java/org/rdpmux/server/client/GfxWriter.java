// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.client;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.util.concurrent.FastThreadLocal;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.rdpmux.codec.ClearCodecEncoder;
import org.rdpmux.codec.FrameEncoder.Encoding;
import org.rdpmux.codec.ProgressiveStream;
import org.rdpmux.codec.Rdp8Compressor;
import org.rdpmux.display.Rect;
import org.rdpmux.pdu.Pdu;
import org.rdpmux.pdu.channel.ChannelPduHeader;
import org.rdpmux.pdu.dvc.Data;
import org.rdpmux.pdu.dvc.DataFirst;
import org.rdpmux.pdu.dvc.DynamicChannelPdu;
import org.rdpmux.pdu.gfx.Avc420Metablock;
import org.rdpmux.pdu.gfx.CacheToSurface;
import org.rdpmux.pdu.gfx.CreateSurface;
import org.rdpmux.pdu.gfx.DeleteSurface;
import org.rdpmux.pdu.gfx.EndFrame;
import org.rdpmux.pdu.gfx.EvictCacheEntry;
import org.rdpmux.pdu.gfx.GfxRect;
import org.rdpmux.pdu.gfx.MapSurfaceToOutput;
import org.rdpmux.pdu.gfx.ResetGraphics;
import org.rdpmux.pdu.gfx.SegmentedData;
import org.rdpmux.pdu.gfx.SolidFill;
import org.rdpmux.pdu.gfx.StartFrame;
import org.rdpmux.pdu.gfx.SurfaceToCache;
import org.rdpmux.pdu.gfx.SurfaceToSurface;
import org.rdpmux.pdu.gfx.WireToSurface1;
import org.rdpmux.pdu.gfx.WireToSurface2;
import org.rdpmux.pdu.mcs.SendData;
import org.rdpmux.pdu.x224.DataFrame;
import org.rdpmux.server.channel.DynamicPath;
import org.rdpmux.server.connection.Share;
import org.rdpmux.server.console.FrameBatch;
import org.rdpmux.server.screen.Move;
import org.rdpmux.server.screen.TileGrid;

/**
 * Writes batches for the graphics pipeline ([MS-RDPEGFX]): one surface that is the desktop, and a frame for each batch. What it
 * gives out is framed down to TPKT, so that it may be sent in pieces.
 */
final class GfxWriter implements PixelWriter {

    /** A message is sent when it has this size: the client decodes it while the next is on its way. */
    private static final int MESSAGE = 32 << 10;

    /**
     * Messages up to this size are compressed once more, if the batch is {@linkplain FrameBatch#isCompressible worth} that: text
     * gets a third to a half smaller. What is larger is photos, which do not get smaller.
     */
    private static final int WORTH_COMPRESSING = 12 << 10;

    /** One for each client loop: it has much scratch memory and no state. */
    private static final FastThreadLocal<Rdp8Compressor> COMPRESSOR = new FastThreadLocal<>() {
        @Override
        protected Rdp8Compressor initialValue() {
            return new Rdp8Compressor();
        }
    };

    /** Bytes of the PDUs that a tile takes beside its own; a bound. */
    private static final int TILE_OVERHEAD = WireToSurface1.FIXED_SIZE + EvictCacheEntry.SIZE;

    private final DynamicPath path;
    private final ByteBufAllocator allocator;
    private int surface = -1;
    private boolean hasSurface;
    /** Whether the surface has shown a frame of a video: its decoder is as old as the surface. */
    private boolean hasVideo;
    /** Slots of the client's cache that are filled: as old as its advertisement. */
    private final BitSet filled = new BitSet();

    /** ClearCodec bitmaps that were sent, modulo 256: a client counts them for as long as the channel is open. */
    private int clearBitmaps;
    /** Bitmaps of the progressive codec that were sent. */
    private int progressiveBitmaps;

    GfxWriter(DynamicPath path, ByteBufAllocator allocator) {
        this.path = path;
        this.allocator = allocator;
    }

    /**
     * The client has advertised anew: it has no surface any more, and keeps nothing. What counts for as long as the channel is
     * open goes on.
     */
    void surfaceForgotten() {
        hasSurface = false;
        filled.clear();
    }

    /** The desktop has this size from now on, and nothing on it. Each surface has an id of its own: some clients mix them up. */
    ByteBuf reset(int width, int height) {
        ByteBuf pdus = allocator.heapBuffer();
        try {
            if (hasSurface) {
                new DeleteSurface(surface).encode(pdus);
            }
            filled.stream().forEach(slot -> new EvictCacheEntry(slot).encode(pdus));
            filled.clear(); // the console asks for nothing that was kept before
            surface = surface + 1 & 0xffff;
            new ResetGraphics(width, height).encode(pdus);
            new CreateSurface(surface, width, height).encode(pdus);
            new MapSurfaceToOutput(surface).encode(pdus);
            hasSurface = true;
            hasVideo = false;
            ByteBuf out = allocator.heapBuffer();
            writeMessage(pdus, true, out);
            return out;
        } finally {
            pdus.release();
        }
    }

    @Override
    public boolean marksFrames() {
        return true;
    }

    @Override
    public ByteBuf write(FrameBatch batch) {
        if (batch.count() == 0 && batch.moves().isEmpty() && batch.video().isEmpty()) {
            batch.release();
            return Unpooled.EMPTY_BUFFER;
        }
        int size = batch.totalBytes() + (batch.count() + batch.moves().size()) * TILE_OVERHEAD;
        ByteBuf pdus = allocator.heapBuffer(Math.min(size, 2 * MESSAGE));
        ByteBuf out = allocator.heapBuffer(size + size / 16 + 256);
        try {
            new StartFrame(0, batch.frame()).encode(pdus);
            for (Move move : batch.moves()) {
                new SurfaceToSurface(
                                surface,
                                rect(move.from()),
                                move.to().x(),
                                move.to().y())
                        .encode(pdus);
            }
            for (FrameBatch.VideoPart part : batch.video()) {
                writeVideo(pdus, batch.grid(), part);
                sendWhenLong(pdus, batch.isCompressible(), out);
            }
            for (int i = 0; i < batch.count(); ) {
                i = writeProgressive(pdus, batch, i);
                sendWhenLong(pdus, batch.isCompressible(), out);
            }
            for (int i = 0; i < batch.count(); i++) {
                if (batch.encoding(i) != Encoding.PROGRESSIVE) {
                    writeTile(pdus, batch, i);
                    sendWhenLong(pdus, batch.isCompressible(), out);
                }
            }
            new EndFrame(batch.frame()).encode(pdus);
            writeMessage(pdus, batch.isCompressible(), out);
            return out;
        } catch (RuntimeException e) {
            out.release();
            throw e;
        } finally {
            pdus.release();
            batch.release();
        }
    }

    private void sendWhenLong(ByteBuf pdus, boolean compress, ByteBuf out) {
        if (pdus.readableBytes() >= MESSAGE) {
            writeMessage(pdus, compress, out);
            pdus.clear();
        }
    }

    /**
     * Writes a frame of the surface's H.264 stream, of which the client shows some areas. What was on its way when the surface
     * changed is dropped: the console begins anew.
     */
    private void writeVideo(ByteBuf pdus, TileGrid grid, FrameBatch.VideoPart part) {
        hasVideo |= part.key();
        if (!hasVideo) {
            return;
        }
        ByteBuf unit = part.bytes();
        Avc420Metablock areas =
                new Avc420Metablock(part.areas().stream().map(GfxWriter::rect).toList(), part.qp());
        GfxRect all = new GfxRect(0, 0, grid.width(), grid.height());
        new WireToSurface1(surface, WireToSurface1.AVC420, all, areas.size() + unit.readableBytes()).encode(pdus);
        areas.encode(pdus);
        pdus.writeBytes(unit, unit.readerIndex(), unit.readableBytes());
    }

    /** Writes tiles with a loss as one bitmap, up to about a message. @return the index of the first that it did not look at */
    private int writeProgressive(ByteBuf pdus, FrameBatch batch, int first) {
        List<Rect> areas = new ArrayList<>();
        int bytes = 0;
        int end = first;
        for (; end < batch.count() && bytes < MESSAGE && areas.size() < ProgressiveStream.MAX_RECTANGLES; end++) {
            if (batch.encoding(end) == Encoding.PROGRESSIVE) {
                areas.add(batch.area(end));
                bytes += batch.bytes(end).readableBytes();
            }
        }
        if (areas.isEmpty()) {
            return end;
        }
        int length = ProgressiveStream.headerSize(areas.size()) + bytes + ProgressiveStream.END_SIZE;
        new WireToSurface2(surface, WireToSurface2.PROGRESSIVE, 0, length).encode(pdus);
        ProgressiveStream.writeHeader(progressiveBitmaps++, areas, areas.size(), bytes, pdus);
        for (int i = first; i < end; i++) {
            if (batch.encoding(i) == Encoding.PROGRESSIVE) {
                ByteBuf tile = batch.bytes(i);
                pdus.writeBytes(tile, tile.readerIndex(), tile.readableBytes());
            }
        }
        ProgressiveStream.writeEnd(pdus);
        return end;
    }

    /**
     * Writes a tile, or has the client draw it if it keeps it. What was on its way when the client forgot that is dropped: the
     * console begins anew.
     */
    private void writeTile(ByteBuf pdus, FrameBatch batch, int index) {
        int slot = Math.abs(batch.cacheSlot(index));
        if (!batch.isKept(index)) {
            writePixels(pdus, batch, index);
            if (slot > 0) {
                keep(pdus, slot, batch.cacheKey(index), rect(batch.grid().rect(batch.tile(index))));
            }
        } else if (filled.get(slot)) {
            Rect area = batch.area(index);
            new CacheToSurface(slot, surface, area.x(), area.y()).encode(pdus);
        }
    }

    /** Has the client keep what it shows. */
    private void keep(ByteBuf pdus, int slot, long key, GfxRect area) {
        if (filled.get(slot)) {
            new EvictCacheEntry(slot).encode(pdus);
        }
        filled.set(slot);
        new SurfaceToCache(surface, key, slot, area).encode(pdus);
    }

    private void writePixels(ByteBuf pdus, FrameBatch batch, int index) {
        ByteBuf bytes = batch.bytes(index);
        int from = bytes.readerIndex();
        int length = bytes.readableBytes();
        GfxRect area = rect(batch.area(index));
        Encoding encoding = batch.encoding(index);
        if (encoding == Encoding.SOLID) {
            new SolidFill(surface, bytes.getIntLE(from), List.of(area)).encode(pdus);
            return;
        }
        boolean clear = encoding == Encoding.CLEAR;
        new WireToSurface1(surface, clear ? WireToSurface1.CLEAR_CODEC : WireToSurface1.PLANAR, area, length)
                .encode(pdus);
        int start = pdus.writerIndex();
        pdus.writeBytes(bytes, from, length);
        if (clear) {
            pdus.setByte(start + ClearCodecEncoder.SEQUENCE_NUMBER, clearBitmaps++);
        }
    }

    private static GfxRect rect(Rect area) {
        return new GfxRect(area.x(), area.y(), area.right(), area.bottom());
    }

    /** Wraps a message and cuts it into PDUs of the dynamic channel, each a chunk of the static one. */
    private void writeMessage(ByteBuf pdus, boolean compress, ByteBuf out) {
        ByteBuf message = allocator.heapBuffer(SegmentedData.size(pdus.readableBytes()));
        try {
            if (compress && pdus.readableBytes() <= WORTH_COMPRESSING) {
                message.writeByte(SegmentedData.SINGLE);
                COMPRESSOR.get().compress(pdus, message);
            } else {
                SegmentedData.write(message, pdus);
            }
            int size = message.readableBytes();
            DynamicChannelPdu header = size <= DynamicChannelPdu.MAX_DATA
                    ? new Data(path.dynamicChannelId())
                    : new DataFirst(path.dynamicChannelId(), size);
            while (message.isReadable()) {
                writeChunk(
                        out, header, message.readSlice(Math.min(DynamicChannelPdu.MAX_DATA, message.readableBytes())));
                header = new Data(path.dynamicChannelId());
            }
        } finally {
            message.release();
        }
    }

    private void writeChunk(ByteBuf out, Pdu header, ByteBuf data) {
        int size = header.size() + data.readableBytes();
        int flags = path.flags() | ChannelPduHeader.FLAG_FIRST | ChannelPduHeader.FLAG_LAST;
        SendData mcs = SendData.indication(Share.SERVER_CHANNEL, path.staticChannelId(), ChannelPduHeader.SIZE + size);
        DataFrame.writeHeader(out, mcs.size() + ChannelPduHeader.SIZE + size);
        mcs.encode(out);
        new ChannelPduHeader(size, flags).encode(out);
        header.encode(out);
        out.writeBytes(data);
    }
}
