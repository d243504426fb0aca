// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.screen;

import io.netty.buffer.ByteBuf;
import org.rdpmux.codec.FrameEncoder.Encoding;

/**
 * The newest bytes of each tile of a screen in one encoding, with the version of the pixels they were made from: a tile is
 * encoded once, whoever needs it. Holds one buffer per tile at most. Used by one thread.
 */
public final class TileLane implements AutoCloseable {

    /** Share of the newest tile in the average: the last dozen tiles count. */
    private static final int SMOOTHING = 8;

    /** What a tile is taken for before one was encoded: a tile of text. */
    private static final int FIRST_GUESS = 1500;

    private final EncoderProfile profile;
    private final ByteBuf[] bytes;
    private final boolean[] raw;
    /** 0 where there are no bytes. */
    private final int[] versions;

    private int averageBytes = FIRST_GUESS;
    private boolean closed;

    public TileLane(EncoderProfile profile, TileGrid grid) {
        this.profile = profile;
        this.bytes = new ByteBuf[grid.count()];
        this.raw = new boolean[grid.count()];
        this.versions = new int[grid.count()];
    }

    public EncoderProfile profile() {
        return profile;
    }

    /** True if the tile's bytes were made from this version of its pixels. */
    public boolean has(int tile, int version) {
        return versions[tile] == version;
    }

    /** Takes a tile's new bytes over, which belong to the lane from now on, and releases the old ones. */
    public void put(int tile, int version, ByteBuf newest, Encoding encoding) {
        ByteBuf old = bytes[tile];
        bytes[tile] = newest;
        raw[tile] = encoding == Encoding.RAW;
        versions[tile] = version;
        averageBytes += (newest.readableBytes() - averageBytes) / SMOOTHING;
        if (old != null) {
            old.release();
        }
    }

    /** The tile's bytes: the lane's own buffer, to be read by index only; retain it to keep it. */
    public ByteBuf bytes(int tile) {
        return bytes[tile];
    }

    public Encoding encoding(int tile) {
        return raw[tile] ? Encoding.RAW : Encoding.COMPRESSED;
    }

    /** What a tile will probably take, in bytes; 1 or more. */
    public int expectedBytes() {
        return Math.max(1, averageBytes);
    }

    /** True once nobody uses the lane any more: what is still being encoded for it is to be released. */
    public boolean isClosed() {
        return closed;
    }

    /** Releases all bytes. Nothing may be put in afterwards. */
    @Override
    public void close() {
        closed = true;
        for (int tile = 0; tile < bytes.length; tile++) {
            if (bytes[tile] != null) {
                bytes[tile].release();
                bytes[tile] = null;
                versions[tile] = 0;
            }
        }
    }
}
