// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.screen;

import io.netty.buffer.ByteBuf;
import java.util.BitSet;

/**
 * Encodes a screen as a stream, in which each frame refers to the one before. Belongs to one {@link StreamLane} and is used
 * by one thread at a time, not always the same.
 */
public interface StreamEncoder extends AutoCloseable {

    /** Where an encoder reads pixels. */
    interface Source {
        /** The frame that has a tile's pixels, {@code 0x00RRGGBB}; the tile begins at {@link TileGrid#offset}. */
        int[] pixels(int tile);
    }

    /**
     * Appends the next frame of the stream.
     *
     * @param tiles that have changed since the frame before; all of them for a key frame. Only these may be read
     * @param key whether the frame is to stand by itself
     * @param out grows by the frame's bytes; neither kept nor released
     */
    void encode(Source source, BitSet tiles, boolean key, ByteBuf out);

    /** Frees what the encoder holds. */
    @Override
    void close();
}
