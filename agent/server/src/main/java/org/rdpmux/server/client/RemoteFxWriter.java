// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.client;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.rdpmux.codec.FrameEncoder.Encoding;
import org.rdpmux.codec.RemoteFxStream;
import org.rdpmux.display.Rect;
import org.rdpmux.pdu.fastpath.UpdateCode;
import org.rdpmux.pdu.surface.SetSurfaceBits;
import org.rdpmux.server.connection.SurfaceCodec;
import org.rdpmux.server.console.FrameBatch;

/** Writes a batch's RemoteFX tiles as surface commands, each with a message of as many tiles as one PDU holds. */
final class RemoteFxWriter {

    private static final int MAX_MESSAGE = FastPathPacker.MAX_UPDATE - SetSurfaceBits.SIZE;

    private final SurfaceCodec codec;
    private final Rect desktop;
    private final RemoteFxStream stream;
    private int messages;

    RemoteFxWriter(SurfaceCodec codec, Rect desktop) {
        this.codec = codec;
        this.desktop = desktop;
        this.stream = new RemoteFxStream(codec.imageMode(), codec.rlgr3());
    }

    /** Writes all tiles of the batch that are RemoteFX. */
    void write(FrameBatch batch, FastPathPacker packer, ByteBuf out) {
        List<Rect> areas = new ArrayList<>();
        int tileBytes = 0;
        int first = 0;
        for (int i = 0; i < batch.count(); i++) {
            Rect area = batch.area(i).intersection(desktop);
            if (batch.encoding(i) != Encoding.REMOTEFX || area.isEmpty()) {
                continue;
            }
            int length = batch.bytes(i).readableBytes();
            if (size(areas.size() + 1, tileBytes + length) > MAX_MESSAGE) {
                writeMessage(batch, first, i, areas, tileBytes, packer, out);
                areas.clear();
                tileBytes = 0;
                first = i;
            }
            areas.add(area);
            tileBytes += length;
        }
        if (!areas.isEmpty()) {
            writeMessage(batch, first, batch.count(), areas, tileBytes, packer, out);
        }
    }

    private boolean needsHeaders() {
        return messages == 0 || codec.imageMode();
    }

    private int size(int tiles, int tileBytes) {
        int headers = needsHeaders() ? RemoteFxStream.HEADERS_SIZE : 0;
        return headers + RemoteFxStream.startSize(tiles) + tileBytes + RemoteFxStream.END_SIZE;
    }

    /** Writes the RemoteFX tiles from {@code first} to before {@code end}, of which {@code areas} are shown. */
    private void writeMessage(
            FrameBatch batch, int first, int end, List<Rect> areas, int tileBytes, FastPathPacker packer, ByteBuf out) {
        int size = size(areas.size(), tileBytes);
        packer.begin(out, UpdateCode.SURFACE_COMMANDS, SetSurfaceBits.SIZE + size);
        new SetSurfaceBits(0, 0, desktop.width(), desktop.height(), codec.codecId(), size).encode(out);
        if (needsHeaders()) {
            stream.writeHeaders(desktop.width(), desktop.height(), out);
        }
        stream.writeStart(messages++, areas, areas.size(), tileBytes, out);
        for (int i = first; i < end; i++) {
            if (batch.encoding(i) == Encoding.REMOTEFX
                    && !batch.area(i).intersection(desktop).isEmpty()) {
                ByteBuf tile = batch.bytes(i);
                out.writeBytes(tile, tile.readerIndex(), tile.readableBytes());
            }
        }
        RemoteFxStream.writeEnd(out);
    }
}
