// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.codec;

/**
 * The adaptive run-length and Golomb-Rice encodings of RemoteFX, [MS-RDPRFX] 3.1.8.1.7.3. One coefficient after the other: runs
 * of zeros with a parameter k while it is above zero, else values; magnitudes with a parameter kr.
 */
final class RlgrEncoder {

    /** How values are written that are not in runs. */
    enum Mode {
        /** One by one. */
        RLGR1,
        /** Two at a time. */
        RLGR3
    }

    /** Most bytes of a component: 27 bits for each of 4096 coefficients (runs 11, sign 1, magnitude 11, unary parts 4). */
    static final int MAX_BYTES = 4096 * 27 / 8;

    /** kp and krp are k and kr in eighths. */
    private static final int LSGR = 3;

    private static final int KP_MAX = 80;

    // How kp follows: a full run of zeros, the end of a run; a zero, anything else among single values.
    private static final int UP_GR = 4;
    private static final int DN_GR = 6;
    private static final int UQ_GR = 3;
    private static final int DQ_GR = 3;

    private final Mode mode;
    private final BitWriter out = new BitWriter();
    private int krp;

    RlgrEncoder(Mode mode) {
        this.mode = mode;
    }

    /**
     * Encodes coefficients. A last one of zero may be decoded as one: the format has no other end of a run, and mstsc needs one.
     *
     * @param last the sign of the last coefficient, should it be zero
     * @param target room for {@link #MAX_BYTES} and {@link BitWriter#MARGIN} from {@code start} on
     * @return where it ends
     */
    int encode(int[] coefficients, int count, int last, byte[] target, int start) {
        out.begin(target, start);
        krp = 1 << LSGR;
        int kp = 1 << LSGR;
        int i = 0;
        while (i < count) {
            int k = kp >> LSGR;
            if (k == 0 && mode == Mode.RLGR3) {
                int first = magnitudeAndSign(coefficients[i++]);
                int second = i < count ? magnitudeAndSign(coefficients[i++]) : 0;
                writePair(first, second);
                kp = nextKp(kp, first, second);
                continue;
            }
            if (k == 0) {
                int value = coefficients[i++];
                writeRice(magnitudeAndSign(value));
                kp = value == 0 ? Math.min(kp + UQ_GR, KP_MAX) : Math.max(kp - DQ_GR, 0);
                continue;
            }
            int run = i;
            while (i < count - 1 && coefficients[i] == 0) {
                i++;
            }
            int zeros = i - run;
            while (zeros >= 1 << k) {
                out.write(1, 0);
                zeros -= 1 << k;
                kp = Math.min(kp + UP_GR, KP_MAX);
                k = kp >> LSGR;
            }
            int value = coefficients[i++];
            int signed = value == 0 ? last : value;
            out.write(k + 2, 1 << k + 1 | zeros << 1 | signed >>> 31);
            writeRice(value == 0 ? 0 : Math.abs(value) - 1);
            kp = Math.max(kp - DN_GR, 0);
        }
        return out.finish();
    }

    private static int magnitudeAndSign(int value) {
        return value >= 0 ? 2 * value : -2 * value - 1;
    }

    /** The sum, and the first in as many bits as the sum has. */
    private void writePair(int first, int second) {
        int sum = first + second;
        writeRice(sum);
        out.write(32 - Integer.numberOfLeadingZeros(sum), first);
    }

    private static int nextKp(int kp, int first, int second) {
        if ((first | second) == 0) {
            return Math.min(kp + 2 * UQ_GR, KP_MAX);
        }
        return first != 0 && second != 0 ? Math.max(kp - 2 * DQ_GR, 0) : kp;
    }

    /** Unary in units of 2^kr, then kr bits. */
    private void writeRice(int value) {
        int kr = krp >> LSGR;
        int units = value >> kr;
        int left = units;
        while (left >= 16) {
            out.write(16, 0xffff);
            left -= 16;
        }
        int ones = (1 << left) - 1;
        out.write(left + 1 + kr, ones << kr + 1 | value & (1 << kr) - 1);
        if (units == 0) {
            krp = Math.max(krp - 2, 0);
        } else if (units > 1) {
            krp = Math.min(krp + units, KP_MAX);
        }
    }
}
