// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.codec;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Writes bits to an array, the highest of each byte first. */
final class BitWriter {

    /** Bytes behind the last one that may be overwritten. */
    static final int MARGIN = 8;

    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    private byte[] out;
    private int at;

    /** Bits that are not written yet, the lowest {@link #bits} of it: fewer than 32. */
    private long pending;

    private int bits;

    /** Begins at a byte of {@code target}, which must have room for all that follows and {@link #MARGIN}. */
    void begin(byte[] target, int start) {
        out = target;
        at = start;
        pending = 0;
        bits = 0;
    }

    /** Appends the lowest {@code count} bits, 0 to 31, of a value that has no others. */
    void write(int count, int value) {
        pending = pending << count | value;
        bits += count;
        if (bits >= 32) {
            bits -= 32;
            INT.set(out, at, (int) (pending >>> bits));
            at += 4;
        }
    }

    /** Where the next whole byte goes, give or take four. */
    int position() {
        return at;
    }

    /** How many bits of the last byte {@link #finish} will leave unused. */
    int unused() {
        return -bits & 7;
    }

    /** Fills the last byte with zeros; returns where it ends. */
    int finish() {
        INT.set(out, at, (int) (pending << 32 - bits));
        return at + (bits + 7 >> 3);
    }
}
