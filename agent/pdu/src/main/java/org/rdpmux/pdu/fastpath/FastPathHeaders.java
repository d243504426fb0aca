// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.fastpath;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;

/**
 * Headers of fast-path output, for the one who sends pixels without copying them: each {@link Fragment} becomes one
 * TS_FP_UPDATE_PDU of its own ([MS-RDPBCGR] 2.2.9.1.2), its headers written here, its slice of the payload behind them.
 */
public final class FastPathHeaders {

    /** fpOutputHeader 1, length1 1, length2 1, updateHeader 1, size 2: always the long form. */
    public static final int SIZE = 6;

    /**
     * The longest PDU to send, headers included. Lengths have 15 bits, but clients exist that take 14 only.
     */
    public static final int MAX_PDU = 0x3fff;

    /** Payload bytes that fit one PDU. */
    public static final int MAX_FRAGMENT = MAX_PDU - SIZE;

    private FastPathHeaders() {}

    /** How much of an update a PDU carries: fragmentation of TS_FP_UPDATE. */
    public enum Fragmentation {
        SINGLE,
        LAST,
        FIRST,
        NEXT;

        private static final Fragmentation[] BY_CODE = values();

        static Fragmentation ofCode(int code) {
            return BY_CODE[code & 3];
        }
    }

    /** A part of an update's payload. */
    public record Fragment(Fragmentation fragmentation, int offset, int length) {}

    /**
     * Cuts a payload into the fewest fragments of at most {@code maxFragment} bytes. Whether the client takes fragments
     * at all, and how large the whole may be, is for the caller to know (Multifragment Update Capability Set).
     *
     * @param payload 0 or more bytes
     * @param maxFragment 1 to {@link #MAX_FRAGMENT}
     */
    public static List<Fragment> fragments(int payload, int maxFragment) {
        if (payload < 0 || maxFragment < 1 || maxFragment > MAX_FRAGMENT) {
            throw new IllegalArgumentException(payload + " bytes in fragments of " + maxFragment);
        }
        if (payload <= maxFragment) {
            return List.of(new Fragment(Fragmentation.SINGLE, 0, payload));
        }
        List<Fragment> fragments = new ArrayList<>(payload / maxFragment + 1);
        for (int offset = 0; offset < payload; offset += maxFragment) {
            int length = Math.min(maxFragment, payload - offset);
            Fragmentation kind = offset == 0
                    ? Fragmentation.FIRST
                    : offset + length == payload ? Fragmentation.LAST : Fragmentation.NEXT;
            fragments.add(new Fragment(kind, offset, length));
        }
        return fragments;
    }

    /** Writes the {@link #SIZE} bytes that precede {@code length} bytes of payload. */
    public static void write(ByteBuf out, int updateCode, Fragmentation fragmentation, int length) {
        if (length < 0 || length > MAX_FRAGMENT) {
            throw new IllegalArgumentException("fragment of " + length + " bytes");
        }
        out.writeByte(0); // fpOutputHeader, 1 byte: action fast-path, no flags
        out.writeShort(0x8000 | (length + SIZE)); // length1 and length2, 2 bytes
        out.writeByte(updateCode | fragmentation.ordinal() << 4); // updateHeader, 1 byte: not compressed
        out.writeShortLE(length); // size, 2 bytes
    }
}
