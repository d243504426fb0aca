// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.share;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import org.rdpmux.pdu.PduException;

/**
 * TS_BITMAPCACHE_PERSISTENT_LIST_PDU ([MS-RDPBCGR] 2.2.1.17): which bitmaps the client kept on disk, in one or more
 * PDUs.
 *
 * @param entries how many keys for each of the five caches this PDU has
 * @param totals how many keys for each cache all PDUs have together
 * @param mask {@link #FIRST}, {@link #LAST}
 * @param keys 64 bits each, cache after cache
 */
public record PersistentKeyList(int[] entries, int[] totals, int mask, long[] keys) implements DataBody {

    public static final int FIRST = 1;
    public static final int LAST = 2;

    private static final String NAME = "TS_BITMAPCACHE_PERSISTENT_LIST_PDU";
    private static final int CACHES = 5;
    /** Ten counts of 2 bytes, bBitMask 1, Pad2 1, Pad3 2. */
    private static final int HEADER_SIZE = 24;
    /** Keys of one PDU, by the specification. */
    private static final int MAX_KEYS = 169;

    public PersistentKeyList {
        if (entries.length != CACHES
                || totals.length != CACHES
                || Arrays.stream(entries).sum() != keys.length) {
            throw new IllegalArgumentException("counts do not fit " + keys.length + " keys");
        }
    }

    static PersistentKeyList decode(ByteBuf in) {
        PduException.need(in, HEADER_SIZE, NAME, "numEntriesCache0");
        int[] entries = new int[CACHES];
        int sum = 0;
        for (int i = 0; i < CACHES; i++) {
            entries[i] = in.readUnsignedShortLE(); // numEntriesCache0 to 4: 2 bytes each
            sum += entries[i];
        }
        int[] totals = new int[CACHES];
        for (int i = 0; i < CACHES; i++) {
            totals[i] = in.readUnsignedShortLE(); // totalEntriesCache0 to 4: 2 bytes each
        }
        int mask = in.readUnsignedByte(); // bBitMask: 1 byte
        in.skipBytes(3); // Pad2 1 byte, Pad3 2 bytes
        PduException.range(sum, 0, MAX_KEYS, NAME, "numEntries");
        PduException.need(in, sum * Long.BYTES, NAME, "entries");
        long[] keys = new long[sum];
        for (int i = 0; i < sum; i++) {
            keys[i] = in.readLongLE(); // Key1 4 bytes, Key2 4 bytes
        }
        return new PersistentKeyList(entries, totals, mask, keys);
    }

    @Override
    public int type() {
        return PERSISTENT_KEY_LIST;
    }

    @Override
    public int size() {
        return HEADER_SIZE + keys.length * Long.BYTES;
    }

    @Override
    public void encode(ByteBuf out) {
        for (int count : entries) {
            out.writeShortLE(count);
        }
        for (int count : totals) {
            out.writeShortLE(count);
        }
        out.writeByte(mask).writeZero(3);
        for (long key : keys) {
            out.writeLongLE(key);
        }
    }
}
