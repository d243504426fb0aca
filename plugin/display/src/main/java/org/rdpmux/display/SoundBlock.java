// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.display;

/**
 * A moment of what a guest plays: two channels of {@value #RATE} samples a second, which every RDP client plays and QEMU has
 * unless it is told otherwise.
 *
 * @param samples of 16 bits, signed, little-endian; left and right in turn. Shared by all who have the block, and not changed
 */
public record SoundBlock(byte[] samples) {

    /** Frames, a sample of each channel, in a second. */
    public static final int RATE = 44_100;

    public static final int CHANNELS = 2;

    /** Bytes of a frame. */
    public static final int FRAME_BYTES = CHANNELS * Short.BYTES;

    /** How long it takes to be played. */
    public long nanos() {
        return samples.length / FRAME_BYTES * 1_000_000_000L / RATE;
    }

    @Override
    public String toString() {
        return "SoundBlock[" + samples.length / FRAME_BYTES + " frames]";
    }
}
