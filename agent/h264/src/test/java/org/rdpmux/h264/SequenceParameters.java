// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.h264;

import java.util.List;

/**
 * The sequence parameter set of a baseline stream (ITU-T H.264 7.3.2.1.1 and E.1.1), as far as tests ask.
 *
 * @param colours primaries, transfer characteristics, matrix
 */
record SequenceParameters(
        int profile, boolean constrained, int width, int height, boolean fullRange, List<Integer> colours) {

    /** @param unit an access unit that begins with the parameter set, behind a start code of four bytes */
    static SequenceParameters parse(byte[] unit) {
        Bits bits = new Bits(unit, 5);
        int profile = bits.read(8);
        boolean constrained = (bits.read(8) & 0xc0) == 0xc0;
        bits.read(8); // level
        bits.golomb(); // id
        bits.golomb(); // log2_max_frame_num_minus4
        if (bits.golomb() == 0) {
            bits.golomb(); // log2_max_pic_order_cnt_lsb_minus4
        }
        bits.golomb(); // max_num_ref_frames
        bits.read(1);
        int width = 16 * (bits.golomb() + 1);
        int height = 16 * (bits.golomb() + 1);
        bits.read(2); // frame_mbs_only_flag, direct_8x8_inference_flag
        if (bits.read(1) == 1) {
            width -= 2 * (bits.golomb() + bits.golomb());
            height -= 2 * (bits.golomb() + bits.golomb());
        }
        boolean vui = bits.read(1) == 1;
        boolean described = vui && bits.read(2) == 0 && bits.read(1) == 1; // no aspect ratio, no overscan
        if (!described) {
            return new SequenceParameters(profile, constrained, width, height, false, List.of());
        }
        bits.read(3); // video_format
        boolean fullRange = bits.read(1) == 1;
        List<Integer> colours = bits.read(1) == 1 ? List.of(bits.read(8), bits.read(8), bits.read(8)) : List.of();
        return new SequenceParameters(profile, constrained, width, height, fullRange, colours);
    }

    /** Bits of a NAL unit, without its emulation prevention bytes. */
    private static final class Bits {

        private final byte[] bytes;
        private int at;

        Bits(byte[] unit, int start) {
            byte[] plain = new byte[unit.length];
            int length = 0;
            for (int i = start; i < unit.length; i++) {
                if (unit[i] != 3 || unit[i - 1] != 0 || unit[i - 2] != 0) {
                    plain[length++] = unit[i];
                }
            }
            bytes = plain;
        }

        int read(int count) {
            int value = 0;
            for (int i = 0; i < count; i++, at++) {
                value = value << 1 | bytes[at >> 3] >> (7 - (at & 7)) & 1;
            }
            return value;
        }

        int golomb() {
            int zeros = 0;
            while (read(1) == 0) {
                zeros++;
            }
            return (1 << zeros) - 1 + read(zeros);
        }
    }
}
