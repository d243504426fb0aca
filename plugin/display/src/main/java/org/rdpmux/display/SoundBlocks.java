// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.display;

import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Cuts what a guest plays into blocks that are worth a message each, and leaves out silence. Nothing is made while a guest is
 * silent, whatever its hypervisor sends. Belongs to its display's thread.
 */
public final class SoundBlocks {

    /** Frames of a block: 20 ms. Hypervisors send 10 ms at a time; a message for each would cost twice the wake-ups. */
    public static final int FRAMES = SoundBlock.RATE / 50;

    /**
     * Frames of silence that are passed on, 200 ms: players that are left without anything begin anew, which pauses within
     * speech and music need not cause.
     */
    public static final int QUIET_FRAMES = SoundBlock.RATE / 5;

    private final Consumer<SoundBlock> listener;
    private final byte[] samples = new byte[FRAMES * SoundBlock.FRAME_BYTES];
    private int length;
    /** How many frames have been silent, up to the last. */
    private int quiet = QUIET_FRAMES;

    /** @param listener takes the blocks */
    public SoundBlocks(Consumer<SoundBlock> listener) {
        this.listener = listener;
    }

    /** The next frame. */
    public void add(short left, short right) {
        if (left != 0 || right != 0) {
            quiet = 0;
        } else if (quiet < QUIET_FRAMES) {
            quiet++;
        } else if (length == 0) {
            return;
        }
        samples[length++] = (byte) left;
        samples[length++] = (byte) (left >> Byte.SIZE);
        samples[length++] = (byte) right;
        samples[length++] = (byte) (right >> Byte.SIZE);
        if (length == samples.length) {
            flush();
        }
    }

    /** The guest has stopped to play: the rest goes out. */
    public void end() {
        flush();
        quiet = QUIET_FRAMES;
    }

    private void flush() {
        if (length > 0) {
            SoundBlock block = new SoundBlock(Arrays.copyOf(samples, length));
            length = 0;
            listener.accept(block);
        }
    }
}
