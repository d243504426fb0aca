// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.screen;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.util.HashMap;
import java.util.Map;
import org.rdpmux.codec.FrameEncoder;
import org.rdpmux.codec.FrameEncoder.Encoding;
import org.rdpmux.codec.I420Picture;
import org.rdpmux.codec.SoftTileEncoder;
import org.rdpmux.codec.TileClassifier;
import org.rdpmux.display.Rect;

/** One thread's tile encoders, with their scratch memory. */
public class TileEncoders {

    /** Tiles live until they change or their lane ends, so they are cut to size from pooled memory. */
    private static final ByteBufAllocator ALLOCATOR = PooledByteBufAllocator.DEFAULT;

    private final Map<EncoderProfile, FrameEncoder> encoders = new HashMap<>();
    private final Map<EncoderProfile, SoftTileEncoder> softEncoders = new HashMap<>();
    private final TileClassifier classifier = new TileClassifier();
    private final ByteBuf scratch = Unpooled.buffer(4 * TileGrid.SIDE * TileGrid.SIDE);

    /**
     * Encodes part of a tile; {@link #takeBytes} has the result.
     *
     * @param pixels of the whole screen
     * @param stride distance of two of its rows
     */
    public Encoding encode(EncoderProfile profile, int[] pixels, int stride, Rect area) {
        FrameEncoder encoder = encoders.computeIfAbsent(profile, EncoderProfile::newEncoder);
        scratch.clear();
        int offset = area.y() * stride + area.x();
        return encoder.encode(pixels, offset, stride, area.width(), area.height(), scratch);
    }

    /**
     * Encodes a whole tile with the profile's loss if it looks like a photo; {@link #takeBytes} has the result.
     *
     * @param judged the tile, or the part of it that has to look so
     * @return false if it does not, and nothing was encoded
     */
    public boolean encodeLossy(EncoderProfile profile, int[] pixels, TileGrid grid, int tile, Rect judged) {
        SoftTileEncoder encoder = softEncoders.computeIfAbsent(profile, EncoderProfile::newSoftEncoder);
        scratch.clear();
        int columns = grid.columns();
        int offset = judged.y() * grid.width() + judged.x();
        if (!encoder.suits(pixels, offset, grid.width(), judged.width(), judged.height())) {
            return false;
        }
        return encoder.encode(
                pixels,
                grid.offset(tile),
                grid.width(),
                grid.width(tile),
                grid.height(tile),
                tile % columns,
                tile / columns,
                scratch);
    }

    /**
     * Draws a whole tile into the picture of a video if it looks like a photo.
     *
     * @return false if it does not, and nothing was drawn
     */
    public boolean draw(int[] pixels, TileGrid grid, int tile, I420Picture picture) {
        int offset = grid.offset(tile);
        int width = grid.width(tile);
        int height = grid.height(tile);
        if (classifier.classify(pixels, offset, grid.width(), width, height) != TileClassifier.Content.SOFT) {
            return false;
        }
        picture.draw(pixels, offset, grid.width(), grid.x(tile), grid.y(tile), width, height);
        return true;
    }

    /** The last tile's bytes in a buffer of their own, which is the caller's. */
    ByteBuf takeBytes() {
        int length = scratch.readableBytes();
        return ALLOCATOR.heapBuffer(length, length).writeBytes(scratch);
    }
}
