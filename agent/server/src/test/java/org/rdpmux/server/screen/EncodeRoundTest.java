// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.screen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.rdpmux.codec.FrameEncoder.Encoding;

class EncodeRoundTest {

    @Test
    void endsEvenIfTheMachineFailsMeanwhile() {
        Screen screen = new Screen(192, 64, 1);
        TileLane lane = new TileLane(EncoderProfile.plain(32), screen.grid());
        EncodeRound round = new EncodeRound(screen);
        for (int tile = 0; tile < 3; tile++) {
            round.add(lane, tile);
        }
        round.begin();
        Error error = new InternalError("a test's");
        EncoderThread thread = new EncoderThread(() -> {}, "test") {
            @Override
            Encoding encode(Screen snapshot, EncoderProfile profile, int tile) {
                if (tile == 1) {
                    throw error;
                }
                return super.encode(snapshot, profile, tile);
            }
        };
        assertTrue(round.work(thread), "nobody ends the round, and the console waits for ever");
        assertSame(error, round.failure());
        assertNull(round.bytes(1));
        for (int tile = 0; tile < 3; tile += 2) {
            assertNotNull(round.bytes(tile));
            assertEquals(64 * 64 * 4, round.bytes(tile).readableBytes());
            round.bytes(tile).release();
        }
    }
}
