// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.screen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class PaceTest {

    private final Pace pace = new Pace(30);

    private void frames(int count, boolean onTime) {
        for (int i = 0; i < count; i++) {
            pace.frame(onTime);
        }
    }

    @Test
    void staysAtItsMostWhileFramesAreOnTime() {
        frames(1000, true);
        assertEquals(30, pace.framesPerSecond());
    }

    @Test
    void fallsWhileFramesAreLateButNeverToNothing() {
        frames(Pace.FRAMES, false);
        assertEquals(22, pace.framesPerSecond());
        frames(1000, false);
        assertEquals(1, pace.framesPerSecond());
    }

    @Test
    void recoversWithinSeconds() {
        frames(1000, false);
        frames(16 * Pace.FRAMES, true);
        assertEquals(30, pace.framesPerSecond());
    }

    @Test
    void aLateFrameNowAndThenChangesNothing() {
        for (int i = 0; i < 1000; i++) {
            pace.frame(i % 10 != 0);
        }
        assertTrue(pace.framesPerSecond() == 30, "it is " + pace.framesPerSecond());
    }
}
