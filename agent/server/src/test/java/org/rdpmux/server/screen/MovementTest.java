// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.screen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.BitSet;
import org.junit.jupiter.api.Test;
import org.rdpmux.display.Rect;

class MovementTest {

    private static final long REST = Movement.REST_NANOS;

    private final Movement movement = new Movement(new TileGrid(128, 128));

    @Test
    void oneChangeIsNoMovement() {
        change(1, -5);
        assertTrue(movement.tiles().isEmpty());
        assertEquals(Screen.NEVER, movement.nextSettling());
    }

    @Test
    void whatChangesAgainSoonMovesUntilItRests() {
        change(1, 0);
        change(1, REST - 1);
        assertTrue(movement.tiles().get(1));
        assertEquals(2 * REST - 1, movement.nextSettling());
        movement.settle(2 * REST - 2);
        assertTrue(movement.tiles().get(1));
        movement.settle(2 * REST - 1);
        assertFalse(movement.tiles().get(1));
    }

    @Test
    void whatChangesSeldomDoesNotMove() {
        for (int i = 0; i < 10; i++) {
            change(2, i * REST);
            assertTrue(movement.tiles().isEmpty());
        }
    }

    @Test
    void whatIsDamagedSoonMovesThoughTicksAreRare() {
        change(3, 0);
        damage(3, REST - 1);
        damage(3, 5 * REST);
        movement.ticked(bits(3), 5 * REST);
        assertTrue(movement.tiles().get(3));
    }

    @Test
    void whatWaitsForATickDoesNotRest() {
        change(1, 0);
        change(1, 1);
        damage(1, 2);
        movement.settle(5 * REST);
        assertTrue(movement.tiles().get(1));
        assertEquals(Screen.NEVER, movement.nextSettling());
        movement.ticked(bits(), 5 * REST); // it was damaged, and is as before
        movement.settle(5 * REST);
        assertFalse(movement.tiles().get(1));
    }

    private void change(int tile, long now) {
        damage(tile, now);
        movement.ticked(bits(tile), now);
    }

    private void damage(int tile, long now) {
        movement.damaged(new Rect(tile % 2 * 64, tile / 2 * 64, 64, 64), now);
    }

    private static BitSet bits(int... tiles) {
        BitSet bits = new BitSet();
        Arrays.stream(tiles).forEach(bits::set);
        return bits;
    }
}
