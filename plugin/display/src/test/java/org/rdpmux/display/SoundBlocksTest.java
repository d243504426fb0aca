// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.display;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class SoundBlocksTest {

    private final List<SoundBlock> heard = new ArrayList<>();
    private final SoundBlocks blocks = new SoundBlocks(heard::add);

    private void play(int frames, int left, int right) {
        for (int i = 0; i < frames; i++) {
            blocks.add((short) left, (short) right);
        }
    }

    private int frames() {
        return heard.stream()
                .mapToInt(block -> block.samples().length / SoundBlock.FRAME_BYTES)
                .sum();
    }

    @Test
    void whatIsPlayedComesInBlocksOfTwentyMilliseconds() {
        play(SoundBlocks.FRAMES - 1, 0x1234, -2);
        assertEquals(List.of(), heard);
        play(1, 0x1234, -2);
        assertEquals(1, heard.size());
        assertEquals(20_000_000, heard.get(0).nanos());
        assertArrayEquals(
                new byte[] {0x34, 0x12, (byte) 0xfe, (byte) 0xff},
                Arrays.copyOf(heard.get(0).samples(), SoundBlock.FRAME_BYTES));
    }

    @Test
    void silenceAtFirstIsNothing() {
        play(10 * SoundBlock.RATE, 0, 0);
        assertEquals(List.of(), heard);
    }

    @Test
    void pauseIsPassedOnAndLastingSilenceIsNot() {
        play(SoundBlocks.FRAMES, 1, 0);
        play(SoundBlocks.QUIET_FRAMES / 2, 0, 0);
        play(SoundBlocks.FRAMES, 0, 1);
        assertEquals(SoundBlocks.FRAMES * 2 + SoundBlocks.QUIET_FRAMES / 2, frames());
        play(10 * SoundBlock.RATE, 0, 0);
        assertEquals(SoundBlocks.FRAMES * 2 + SoundBlocks.QUIET_FRAMES / 2 + SoundBlocks.QUIET_FRAMES, frames());
    }

    @Test
    void theRestIsHeardAtTheEnd() {
        play(3, 5, 6);
        blocks.end();
        assertEquals(3, frames());
        blocks.end();
        play(3, 0, 0);
        assertEquals(3, frames());
    }
}
