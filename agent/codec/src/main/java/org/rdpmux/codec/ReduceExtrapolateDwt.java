// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.codec;

import java.util.Arrays;

/**
 * The discrete wavelet transform of progressive RemoteFX, 5/3 in three levels, with the reduce-extrapolate method at the edges
 * ([MS-RDPEGFX] 3.2.8.1.2.2): 64 samples become 33 low and 31 high ones, 33 become 17 and 16, 17 become 9 and 8.
 *
 * <p>At the ends of rows there is a sample of each kind too many, which nobody reads. The many fields are scratch memory.
 */
final class ReduceExtrapolateDwt implements RfxDwt {

    private static final int[] BANDS = {0, 1023, 2046, 3007, 3279, 3551, 3807, 3879, 3951, 4015, 4096};

    private static final int LL3 = BANDS[9];

    private static final int LONGEST = 33 * 32;

    // Rows of low and high frequency after the vertical pass, even and odd columns.
    private final int[] lowEven = new int[LONGEST];
    private final int[] lowOdd = new int[LONGEST];
    private final int[] highEven = new int[LONGEST];
    private final int[] highOdd = new int[LONGEST];

    // One of them after the horizontal pass.
    private final int[] low = new int[LONGEST];
    private final int[] high = new int[LONGEST];

    // What a pass reads, and copies that are shifted by one sample or row.
    private final int[] evens = new int[LONGEST];
    private final int[] odds = new int[LONGEST];
    private final int[] evensAfter = new int[LONGEST];
    private final int[] highsBefore = new int[LONGEST];

    private final int[] second = new int[4 * 17 * 17];
    private final int[] third = new int[4 * 9 * 9];

    @Override
    public int[] bands() {
        return BANDS;
    }

    @Override
    public void transform(int[] tile, int[] bands) {
        level(tile, 64, bands, BANDS[0], second);
        level(second, 33, bands, BANDS[3], third);
        level(third, 17, bands, BANDS[6], null);
    }

    /** One level: three bands from {@code start} on, and the next level's parts, or LL3 where there is no next. */
    private void level(int[] parts, int size, int[] bands, int start, int[] next) {
        int lows = size / 2 + 1;
        int highs = size - lows;
        int pitch = size + 1 >> 1;
        int part = pitch * pitch;
        vertical(parts, 0, 2 * part, pitch, size, lowEven, highEven);
        vertical(parts, part, 3 * part, pitch, size, lowOdd, highOdd);
        int lh = start + highs * lows;
        horizontal(lowEven, lowOdd, lows, pitch, size);
        for (int row = 0; row < lows; row++) {
            System.arraycopy(high, row * pitch, bands, start + row * highs, highs);
        }
        if (next == null) {
            System.arraycopy(low, 0, bands, LL3, lows * lows);
        } else {
            split(lows, pitch, size, next);
        }
        horizontal(highEven, highOdd, highs, pitch, size);
        int hh = lh + lows * highs;
        for (int row = 0; row < highs; row++) {
            System.arraycopy(high, row * pitch, bands, hh + row * highs, highs);
            System.arraycopy(low, row * pitch, bands, lh + row * lows, pitch);
            if (pitch < lows) {
                bands[lh + row * lows + pitch] = extrapolated(highEven, highOdd, row, pitch);
            }
        }
    }

    /** Puts the low columns of the low rows into their parts. */
    private void split(int lows, int pitch, int size, int[] next) {
        for (int row = 0; row < lows; row++) {
            int evenTo = RfxDwt.part(lows, row, 0);
            int oddTo = RfxDwt.part(lows, row, 1);
            for (int column = 0; column < pitch - 1; column += 2) {
                next[evenTo++] = low[row * pitch + column];
                next[oddTo++] = low[row * pitch + column + 1];
            }
            next[evenTo] = pitch < lows ? extrapolated(lowEven, lowOdd, row, pitch) : low[row * pitch + pitch - 1];
        }
    }

    /** The last of an even number of samples has no even one after it: it becomes a low one of its own. */
    private static int extrapolated(int[] even, int[] odd, int row, int pitch) {
        int last = row * pitch + pitch - 1;
        return 2 * odd[last] - even[last];
    }

    /** The rows that begin at {@code even} and {@code odd} in the parts to rows of low and high frequency. */
    private void vertical(int[] parts, int even, int odd, int pitch, int size, int[] lowRows, int[] highRows) {
        int last = (size - 1) / 2 * pitch;
        System.arraycopy(parts, even, evens, 0, last + pitch);
        System.arraycopy(parts, even + pitch, evensAfter, 0, last);
        System.arraycopy(parts, odd, odds, 0, last);
        RfxDwt.predict(evens, evensAfter, odds, highRows, last);
        System.arraycopy(highRows, 0, highsBefore, 0, pitch);
        System.arraycopy(highRows, 0, highsBefore, pitch, last);
        boolean extrapolates = (size & 1) == 0;
        if (extrapolates) {
            Arrays.fill(highRows, last, last + pitch, 0);
        } else {
            System.arraycopy(highRows, last - pitch, highRows, last, pitch);
        }
        RfxDwt.update(evens, highsBefore, highRows, lowRows, last + pitch);
        if (extrapolates) {
            for (int i = 0; i < pitch; i++) {
                lowRows[last + pitch + i] = 2 * parts[odd + last + i] - parts[even + last + i];
            }
        }
    }

    /** Fills {@link #low} and {@link #high} from rows of even and odd columns. */
    private void horizontal(int[] even, int[] odd, int rows, int pitch, int size) {
        int count = rows * pitch;
        System.arraycopy(even, 1, evensAfter, 0, count - 1);
        RfxDwt.predict(even, evensAfter, odd, high, count);
        System.arraycopy(high, 0, highsBefore, 1, count - 1);
        boolean extrapolates = (size & 1) == 0;
        int highs = (size - 1) / 2;
        for (int first = 0; first < count; first += pitch) {
            highsBefore[first] = high[first];
            high[first + highs] = extrapolates ? 0 : high[first + highs - 1];
        }
        RfxDwt.update(even, highsBefore, high, low, count);
    }
}
