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

/** A thread that encodes, with its encoders and scratch memory. */
class EncoderThread extends Thread {

    /** Tiles live until they change or their lane ends, so they are cut to size from pooled memory. */
    private static final ByteBufAllocator ALLOCATOR = PooledByteBufAllocator.DEFAULT;

    private final Map<EncoderProfile, FrameEncoder> encoders = new HashMap<>();
    private final ByteBuf scratch = Unpooled.buffer(4 * TileGrid.SIDE * TileGrid.SIDE);

    EncoderThread(Runnable work, String name) {
        super(work, name);
        setDaemon(true);
    }

    /** Encodes one tile of the snapshot; {@link #takeBytes} has the result. */
    Encoding encode(Screen screen, EncoderProfile profile, int tile) {
        TileGrid grid = screen.grid();
        FrameEncoder encoder = encoders.computeIfAbsent(profile, EncoderProfile::newEncoder);
        scratch.clear();
        return encoder.encode(
                screen.pixels(), grid.offset(tile), grid.width(), grid.width(tile), grid.height(tile), scratch);
    }

    /** The last tile's bytes in a buffer of their own, which is the caller's. */
    ByteBuf takeBytes() {
        int length = scratch.readableBytes();
        return ALLOCATOR.heapBuffer(length, length).writeBytes(scratch);
    }
}
