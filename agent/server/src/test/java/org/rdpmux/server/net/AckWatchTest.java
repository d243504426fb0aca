// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.net;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class AckWatchTest {

    private static final long SECOND = 1_000_000_000L;

    private final AckWatch watch = new AckWatch();

    @Test
    void aClientThatAcknowledgesNothingIsSilentAndThenDead() {
        assertEquals(AckWatch.State.ALIVE, watch.on(3, 30 * SECOND, 100 * SECOND), "it may have been sent just now");
        assertEquals(AckWatch.State.ALIVE, watch.on(3, 37 * SECOND, 107 * SECOND));
        assertEquals(AckWatch.State.SILENT, watch.on(9, 38 * SECOND, 108 * SECOND));
        assertEquals(AckWatch.State.SILENT, watch.on(9, 89 * SECOND, 159 * SECOND));
        assertEquals(AckWatch.State.DEAD, watch.on(9, 90 * SECOND, 160 * SECOND));
    }

    @Test
    void oneAcknowledgementBringsItBack() {
        watch.on(3, 0, 100 * SECOND);
        assertEquals(AckWatch.State.SILENT, watch.on(3, 20 * SECOND, 120 * SECOND));
        assertEquals(AckWatch.State.ALIVE, watch.on(3, SECOND, 122 * SECOND));
        assertEquals(AckWatch.State.ALIVE, watch.on(3, 6 * SECOND, 127 * SECOND));
    }

    /** Its machine acknowledges and answers probes; nothing is sent that could be unacknowledged. */
    @Test
    void aStoppedClientWhoseWindowIsShutLivesForAsLongAsItLikes() {
        watch.on(3, 0, 100 * SECOND);
        for (int second = 102; second < 1000; second += 2) {
            assertEquals(AckWatch.State.ALIVE, watch.on(0, 110 * SECOND, second * SECOND));
        }
    }
}
