// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.console;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class PictureQualityTest {

    private static final long SECOND = 1_000_000_000;
    private static final double RATE = 2_500_000;
    /** What the link takes of a picture at 25 pictures a second: a hundred tiles of this size. */
    private static final int TILE = 1000;

    private final PictureQuality quality = new PictureQuality();

    @Test
    void aLinkOfWhichNothingIsKnownIsGoodEnough() {
        quality.update(0, 500 * 5000, 500, 0);
        assertFalse(quality.isLow());
        assertFalse(quality.isCoarse());
    }

    @Test
    void whatMovesGetsTheLossThatItsLinkNeeds() {
        quality.update(RATE, 99 * TILE, 0, 0);
        assertFalse(quality.isLow());
        quality.update(RATE, 101 * TILE, 0, 0);
        assertTrue(quality.isLow());
        assertFalse(quality.isCoarse());
    }

    @Test
    void theLossBecomesLessOnlyAfterAWhileWithRoomToSpare() {
        quality.update(RATE, 101 * TILE, 0, 0);
        quality.update(RATE, 99 * TILE, 0, 4 * SECOND);
        assertTrue(quality.isLow(), "without room to spare");
        quality.update(RATE, 60 * TILE, 0, 5 * SECOND);
        assertTrue(quality.isLow(), "just now");
        quality.update(RATE, 60 * TILE, 0, 7 * SECOND + 1);
        assertFalse(quality.isLow());
    }

    @Test
    void bytesMatterWhereTheyAreFew() {
        assertFalse(quality.isSlow(0));
        assertFalse(quality.isSlow(10 * RATE));
        assertTrue(quality.isSlow(RATE));
        quality.update(10 * RATE, 5000 * TILE, 0, 0);
        assertTrue(quality.isSlow(10 * RATE));
    }

    @Test
    void whatIsLargeIsCoarseUntilAllOfItIsThere() {
        quality.update(RATE, 0, 150, 0);
        assertFalse(quality.isCoarse());
        quality.update(RATE, 0, 160, 0);
        assertTrue(quality.isCoarse());
        assertTrue(quality.isLow());
        quality.update(RATE, 0, 1, 0);
        assertTrue(quality.isCoarse());
        quality.update(RATE, 0, 0, 0);
        assertFalse(quality.isCoarse());
    }
}
