// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.codec;

import java.util.Arrays;

/** The tokens of RDP 8.0 bulk compression: [MS-RDPEGFX] 3.1.9.1.2. */
final class Rdp8Tokens {

    /** Shortest match, whose length takes one bit. */
    private static final int SHORTEST = 3;

    /** Matches of fewer bytes than this may be longer than the literals. */
    private static final int SURE_TO_PAY = 5;

    /** Bytes with a code of their own, by the code's length from {@link #SHORTEST_CODE} on, in the order of the codes. */
    private static final int[][] OWN_CODES = {
        {0x00, 0x01},
        {0x02, 0x03, 0xff},
        {0x04, 0x05, 0x06, 0x07, 0x08, 0x09, 0x0a, 0x0b, 0x3a, 0x3b, 0x3c, 0x3d, 0x3e, 0x3f, 0x40, 0x80},
        {0x0c, 0x38, 0x39, 0x66}
    };

    private static final int SHORTEST_CODE = 5;

    /** The first code of each of these lengths. */
    private static final int[] FIRST_CODES = {0b11000, 0b110100, 0b1101110, 0b11111100};

    /** Any other byte is a zero and its eight bits. */
    private static final int OTHER_BITS = 9;

    private static final int[] LITERAL_CODE = new int[256];
    private static final int[] LITERAL_BITS = new int[256];

    // Distances: for each range its smallest, the code, the code's length, and how many bits follow.
    private static final int[] DISTANCE_FROM = {0, 32, 160, 672, 1696, 5792, 22176, 54944};
    private static final int[] DISTANCE_CODE = {
        0b10001, 0b10010, 0b10011, 0b10100, 0b10101, 0b101100, 0b101101, 0b1011100
    };
    private static final int[] DISTANCE_CODE_BITS = {5, 5, 5, 5, 5, 6, 6, 7};
    private static final int[] DISTANCE_BITS = {5, 7, 9, 10, 12, 14, 15, 18};

    static {
        for (int value = 0; value < 256; value++) {
            LITERAL_CODE[value] = value;
        }
        Arrays.fill(LITERAL_BITS, OTHER_BITS);
        for (int i = 0; i < OWN_CODES.length; i++) {
            int code = FIRST_CODES[i];
            for (int value : OWN_CODES[i]) {
                LITERAL_CODE[value] = code++;
                LITERAL_BITS[value] = SHORTEST_CODE + i;
            }
        }
    }

    private Rdp8Tokens() {}

    static void literal(byte value, BitWriter out) {
        out.write(LITERAL_BITS[value & 0xff], LITERAL_CODE[value & 0xff]);
    }

    /**
     * Writes a match.
     *
     * @param distance 1 to 65535
     * @param length 3 to 65535
     */
    static void match(int distance, int length, BitWriter out) {
        int range = range(distance);
        int valueBits = DISTANCE_BITS[range];
        int value = DISTANCE_CODE[range] << valueBits | distance - DISTANCE_FROM[range];
        out.write(DISTANCE_CODE_BITS[range] + valueBits, value);
        if (length == SHORTEST) {
            out.write(1, 0);
            return;
        }
        // A length from 2^n to below 2^(n+1): n - 1 ones, a zero, and what it has above 2^n in n bits.
        int n = 31 - Integer.numberOfLeadingZeros(length);
        out.write(n, (1 << n - 1) - 1 << 1);
        out.write(n, length - (1 << n));
    }

    /** Whether a match is no longer than the literals it stands for. */
    static boolean matchPays(int distance, int length, byte[] data, int at) {
        if (length < SHORTEST) {
            return false;
        }
        if (length >= SURE_TO_PAY) {
            return true;
        }
        int literals = 0;
        for (int i = at; i < at + length; i++) {
            literals += LITERAL_BITS[data[i] & 0xff];
        }
        int range = range(distance);
        int lengthBits = length == SHORTEST ? 1 : 4;
        return DISTANCE_CODE_BITS[range] + DISTANCE_BITS[range] + lengthBits < literals;
    }

    private static int range(int distance) {
        int range = 0;
        while (range + 1 < DISTANCE_FROM.length && distance >= DISTANCE_FROM[range + 1]) {
            range++;
        }
        return range;
    }
}
