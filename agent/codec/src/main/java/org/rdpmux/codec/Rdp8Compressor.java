// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.codec;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/**
 * RDP 8.0 bulk compression ("ZGFX") of one segment, [MS-RDPEGFX] 2.2.5.3 (RDP8_BULK_ENCODED_DATA) and 3.1.9.1.2. Matches reach
 * no further back than the segment itself, though a decoder would still know the ones before: so the encoder keeps no history
 * for a client, equal segments give equal bytes, and any decoder can read them at any time.
 *
 * <p>For one thread. Its memory does not depend on what it compresses.
 */
public final class Rdp8Compressor {

    /** Most bytes of a segment before compression. */
    public static final int MAX_SEGMENT = 65535;

    /** The type of RDP 8.0; not compressed. */
    private static final int STORED = 0x04;

    /** Likewise with PACKET_COMPRESSED. */
    private static final int COMPRESSED = 0x24;

    private static final int MIN_MATCH = 3;

    private static final int HASH_BITS = 13;

    /** Candidates for a match; more find little more. */
    private static final int CANDIDATES = 8;

    /** A match as long as this will do. */
    private static final int LONG_MATCH = 64;

    /** Bytes of a match that later ones may begin at. */
    private static final int KNOWN_OF_MATCH = 16;

    /** What has grown by so many bytes has shown that it does not shrink. */
    private static final int PATIENCE = 1024;

    private static final int NONE = -1;

    private final BitWriter bits = new BitWriter();
    private final int[] newest = new int[1 << HASH_BITS];
    private final int[] before = new int[MAX_SEGMENT];
    private final byte[] data = new byte[MAX_SEGMENT];
    private final byte[] out = new byte[MAX_SEGMENT + 2 * PATIENCE];
    private int length;

    /** Results of {@link #findMatch}. */
    private int matchLength;

    private int matchDistance;

    /** Most bytes that {@link #compress} appends. @param size of the segment before compression */
    public static int maxBytes(int size) {
        return 1 + size;
    }

    /**
     * Appends a segment to {@code target}: compressed, or stored where that is not longer.
     *
     * @param segment its readable bytes, 1 to {@link #MAX_SEGMENT}, are read; not kept or released
     * @param target grows by at most {@link #maxBytes}; not kept or released
     * @throws IllegalArgumentException if the segment has too few or too many bytes
     */
    public void compress(ByteBuf segment, ByteBuf target) {
        length = segment.readableBytes();
        if (length < 1 || length > MAX_SEGMENT) {
            throw new IllegalArgumentException("segment of " + length + " bytes");
        }
        segment.readBytes(data, 0, length);
        if (!writeTokens()) {
            target.writeByte(STORED).writeBytes(data, 0, length);
            return;
        }
        int unused = bits.unused();
        int end = bits.finish();
        out[end++] = (byte) unused;
        if (end < length) {
            target.writeByte(COMPRESSED).writeBytes(out, 0, end);
        } else {
            target.writeByte(STORED).writeBytes(data, 0, length);
        }
    }

    /** False, with some written, if it is clear that the segment does not shrink. */
    private boolean writeTokens() {
        Arrays.fill(newest, NONE);
        bits.begin(out, 0);
        int at = 0;
        while (at < length) {
            findMatch(at);
            if (matchLength < MIN_MATCH) {
                Rdp8Tokens.literal(data[at], bits);
                remember(at);
                at++;
            } else {
                Rdp8Tokens.match(matchDistance, matchLength, bits);
                int known = Math.min(matchLength, KNOWN_OF_MATCH);
                for (int i = 0; i < known; i++) {
                    remember(at + i);
                }
                at += matchLength;
            }
            if (bits.position() > at + PATIENCE) {
                return false;
            }
        }
        return true;
    }

    /** The longest match for what is at {@code at}, if one saves bits; length 0 if there is none. */
    private void findMatch(int at) {
        matchLength = 0;
        if (at + MIN_MATCH > length) {
            return;
        }
        int candidate = newest[hash(at)];
        for (int i = 0; i < CANDIDATES && candidate != NONE && matchLength < LONG_MATCH; i++) {
            // Most candidates are no longer than what there is: one byte tells.
            if (at + matchLength < length && data[candidate + matchLength] == data[at + matchLength]) {
                int same = Arrays.mismatch(data, candidate, candidate + length - at, data, at, length);
                int found = same < 0 ? length - at : same;
                if (found > matchLength && Rdp8Tokens.matchPays(at - candidate, found, data, at)) {
                    matchLength = found;
                    matchDistance = at - candidate;
                }
            }
            candidate = before[candidate];
        }
    }

    private void remember(int at) {
        if (at + MIN_MATCH <= length) {
            int hash = hash(at);
            before[at] = newest[hash];
            newest[hash] = at;
        }
    }

    private int hash(int at) {
        int bytes = data[at] & 0xff | (data[at + 1] & 0xff) << 8 | (data[at + 2] & 0xff) << 16;
        return bytes * 0x9e3779b1 >>> 32 - HASH_BITS;
    }
}
