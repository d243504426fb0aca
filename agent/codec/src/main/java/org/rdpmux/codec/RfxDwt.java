// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.codec;

/**
 * A discrete wavelet transform of RemoteFX, 5/3 in three levels. Each level makes three bands and passes the fourth on; they
 * come in the order HL1, LH1, HH1, HL2, LH2, HH2, HL3, LH3, HH3, LL3, the first letter being the horizontal frequency.
 *
 * <p>What a level transforms is in four parts ({@link #part}): even and odd rows, of each even and odd columns. So neighbours of
 * the formulas are neighbours in memory, and the loops are long. The JIT makes vector instructions of a loop only where all its
 * arrays have the same index, so what stands beside a sample comes from a copy that is shifted: copying costs next to nothing.
 */
sealed interface RfxDwt permits PlainDwt, ReduceExtrapolateDwt {

    /** The last band, of the lowest frequencies. */
    int LL3 = 9;

    /** Where each band begins, and where the last ends; not to be changed. */
    int[] bands();

    /**
     * Transforms a tile.
     *
     * @param tile 64x64 samples in their parts
     * @param bands gets 4096 coefficients
     */
    void transform(int[] tile, int[] bands);

    /** Where in its parts a level of {@code size} rows and columns has a sample. */
    static int part(int size, int row, int column) {
        int pitch = size + 1 >> 1;
        return ((row & 1) * 2 + (column & 1)) * pitch * pitch + (row >> 1) * pitch + (column >> 1);
    }

    /** Half of how far the odd samples are from the middle of the even ones beside them. */
    static void predict(int[] even, int[] after, int[] odd, int[] high, int count) {
        for (int i = 0; i < count; i++) {
            high[i] = odd[i] - (even[i] + after[i] >> 1) >> 1;
        }
    }

    /** The even samples and the mean of the high ones beside them. */
    static void update(int[] even, int[] before, int[] high, int[] low, int count) {
        for (int i = 0; i < count; i++) {
            low[i] = even[i] + (before[i] + high[i] >> 1);
        }
    }
}
