// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.codec;

/** Quantises the bands of a transformed tile in place: [MS-RDPRFX] 3.1.8.1.5 and [MS-RDPEGFX] 3.2.8.1.2.3. */
final class Quantiser {

    /** What samples have in fractional bits, less what a quantiser of six leaves whole. */
    private static final int EXTRA_BITS = 5 - 6;

    /** Larger coefficients do not fit into sixteen bits once decoders have multiplied them. */
    private static final int LARGEST = 0x7fff;

    private Quantiser() {}

    /**
     * Quantises all bands.
     *
     * @param bands where each band begins, and where the last ends
     * @param quantisers one for each band
     */
    static void quantise(int[] coefficients, int[] bands, int[] quantisers) {
        for (int band = 0; band < quantisers.length; band++) {
            quantise(coefficients, bands[band], bands[band + 1], quantisers[band] + EXTRA_BITS);
        }
    }

    /** Rounds magnitudes; just below the half still goes down, which saves bits where there is noise. */
    private static void quantise(int[] coefficients, int from, int to, int shift) {
        int round = 3 << shift - 3;
        for (int i = from; i < to; i++) {
            int value = coefficients[i];
            int sign = value >> 31;
            int magnitude = Math.min((value ^ sign) - sign, LARGEST);
            coefficients[i] = (magnitude + round >> shift ^ sign) - sign;
        }
    }
}
