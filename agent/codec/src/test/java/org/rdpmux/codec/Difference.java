// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.codec;

/**
 * How far a picture is from another.
 *
 * @param psnr peak signal-to-noise ratio over all channels, in decibels; infinite for equal pictures
 * @param largest the largest difference of a channel, 0 to 255
 */
record Difference(double psnr, int largest) {

    static Difference between(int[] expected, int[] actual) {
        long squares = 0;
        int largest = 0;
        for (int i = 0; i < expected.length; i++) {
            for (int shift = 0; shift < 24; shift += 8) {
                int difference = Math.abs((expected[i] >> shift & 0xff) - (actual[i] >> shift & 0xff));
                squares += difference * difference;
                largest = Math.max(largest, difference);
            }
        }
        double mean = squares / (3.0 * expected.length);
        return new Difference(10 * Math.log10(255 * 255 / mean), largest);
    }
}
