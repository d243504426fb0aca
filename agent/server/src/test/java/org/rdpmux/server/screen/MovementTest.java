// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.screen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class MovementTest {

    private static final long REST = Movement.REST_NANOS;

    private final Movement movement = new Movement(4);

    @Test
    void oneChangeIsNoMovement() {
        movement.changed(1, -5);
        assertTrue(movement.tiles().isEmpty());
        assertEquals(Screen.NEVER, movement.nextSettling());
    }

    @Test
    void whatChangesAgainSoonMovesUntilItRests() {
        movement.changed(1, 0);
        movement.changed(1, REST - 1);
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
            movement.changed(2, i * REST);
            assertTrue(movement.tiles().isEmpty());
        }
    }
}
