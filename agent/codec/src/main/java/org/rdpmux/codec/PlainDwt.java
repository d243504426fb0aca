// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.codec;

/**
 * The discrete wavelet transform of RemoteFX, [MS-RDPRFX] 3.1.8.1.4: 64 samples become 32 low and 32 high ones, and so on. At the
 * edges the samples are mirrored. The fields are scratch memory.
 */
final class PlainDwt implements RfxDwt {

    private static final int[] BANDS = {0, 1024, 2048, 3072, 3328, 3584, 3840, 3904, 3968, 4032, 4096};

    private static final int LONGEST = 32 * 32;

    // Rows of low and high frequency after the vertical pass, even and odd columns.
    private final int[] lowEven = new int[LONGEST];
    private final int[] lowOdd = new int[LONGEST];
    private final int[] highEven = new int[LONGEST];
    private final int[] highOdd = new int[LONGEST];

    // What a pass reads, and copies that are shifted by one sample or row.
    private final int[] evens = new int[LONGEST];
    private final int[] odds = new int[LONGEST];
    private final int[] shifted = new int[LONGEST];

    private final int[] low = new int[LONGEST];
    private final int[] high = new int[LONGEST];
    private final int[] next = new int[LONGEST];

    @Override
    public int[] bands() {
        return BANDS;
    }

    @Override
    public void transform(int[] tile, int[] bands) {
        level(tile, 64, bands, BANDS[0]);
        level(next, 32, bands, BANDS[3]);
        level(next, 16, bands, BANDS[6]);
        System.arraycopy(low, 0, bands, BANDS[LL3], 8 * 8);
    }

    /** One level: three bands from {@code start} on; the fourth is in {@link #low}, and its parts in {@link #next}. */
    private void level(int[] parts, int size, int[] bands, int start) {
        int pitch = size / 2;
        int count = pitch * pitch;
        vertical(parts, 0, 2 * count, pitch, lowEven, highEven);
        vertical(parts, count, 3 * count, pitch, lowOdd, highOdd);
        horizontal(highEven, highOdd, pitch);
        System.arraycopy(low, 0, bands, start + count, count);
        System.arraycopy(high, 0, bands, start + 2 * count, count);
        horizontal(lowEven, lowOdd, pitch);
        System.arraycopy(high, 0, bands, start, count);
        for (int row = 0; row < pitch; row++) {
            int evenTo = RfxDwt.part(pitch, row, 0);
            int oddTo = RfxDwt.part(pitch, row, 1);
            for (int column = row * pitch; column < (row + 1) * pitch; column += 2) {
                next[evenTo++] = low[column];
                next[oddTo++] = low[column + 1];
            }
        }
    }

    /** The rows that begin at {@code even} and {@code odd} in the parts to rows of low and high frequency. */
    private void vertical(int[] parts, int even, int odd, int pitch, int[] lowRows, int[] highRows) {
        int count = pitch * pitch;
        int last = count - pitch;
        System.arraycopy(parts, even, evens, 0, count);
        System.arraycopy(parts, odd, odds, 0, count);
        System.arraycopy(evens, pitch, shifted, 0, last);
        System.arraycopy(evens, last, shifted, last, pitch);
        RfxDwt.predict(evens, shifted, odds, highRows, count);
        System.arraycopy(highRows, 0, shifted, 0, pitch);
        System.arraycopy(highRows, 0, shifted, pitch, last);
        RfxDwt.update(evens, shifted, highRows, lowRows, count);
    }

    /** Fills {@link #low} and {@link #high} from rows of even and odd columns. */
    private void horizontal(int[] even, int[] odd, int pitch) {
        int count = pitch * pitch;
        System.arraycopy(even, 1, shifted, 0, count - 1);
        for (int last = pitch - 1; last < count; last += pitch) {
            shifted[last] = even[last];
        }
        RfxDwt.predict(even, shifted, odd, high, count);
        System.arraycopy(high, 0, shifted, 1, count - 1);
        for (int first = 0; first < count; first += pitch) {
            shifted[first] = high[first];
        }
        RfxDwt.update(even, shifted, high, low, count);
    }
}
