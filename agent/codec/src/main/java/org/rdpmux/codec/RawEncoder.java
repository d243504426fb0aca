// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.codec;

import io.netty.buffer.ByteBuf;
import java.util.Objects;

/** Plain pixels of any depth, for clients that want no compression. */
public final class RawEncoder implements FrameEncoder {

    private final PixelDepth depth;
    private final WireTile tile = new WireTile();
    private byte[] bytes = new byte[0];

    public RawEncoder(PixelDepth depth) {
        this.depth = Objects.requireNonNull(depth);
    }

    @Override
    public PixelDepth depth() {
        return depth;
    }

    @Override
    public Encoding encode(int[] pixels, int offset, int stride, int width, int height, ByteBuf out) {
        tile.load(pixels, offset, stride, width, height);
        int size = tile.count() * depth.bytes();
        if (bytes.length < size) {
            bytes = new byte[size];
        }
        depth.reduce(tile.pixels, tile.start(), tile.pixels, tile.start(), tile.count());
        depth.store(tile.pixels, tile.start(), tile.count(), bytes, 0);
        out.writeBytes(bytes, 0, size);
        return Encoding.RAW;
    }
}
