// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.rdpmux.server.screen.Screen;

class SendWindowTest {

    private static final long MS = 1_000_000;

    @Test
    void withoutAcknowledgementsTheSocketAloneDecides() {
        SendWindow window = new SendWindow(0);
        for (int i = 0; i < 100; i++) {
            assertTrue(window.isOpen(i));
            window.sent(1000, i);
            assertFalse(window.isOpen(i + 10_000 * MS));
            assertEquals(Screen.NEVER, window.nextDeadline());
            window.drained(1000, i);
        }
    }

    @Test
    void waitsForAcknowledgementsButNotForEver() {
        SendWindow window = new SendWindow(2);
        send(window, 0);
        assertTrue(window.isOpen(0));
        send(window, 0);
        assertFalse(window.isOpen(0));
        assertEquals(SendWindow.TRICKLE_NANOS, window.nextDeadline());
        assertTrue(window.isOpen(SendWindow.TRICKLE_NANOS));
        window.acknowledged(1, 0, 5 * MS);
        assertTrue(window.isOpen(5 * MS));
        assertEquals(Screen.NEVER, window.nextDeadline());
    }

    @Test
    void takesSkippedRepeatedAndImpossibleNumbers() {
        SendWindow window = new SendWindow(2);
        for (int i = 0; i < 4; i++) {
            send(window, 0);
        }
        assertFalse(window.isOpen(0));
        window.acknowledged(3, 0, MS);
        assertTrue(window.isOpen(MS));
        window.acknowledged(1, 0, MS);
        window.acknowledged(3, 0, MS);
        assertTrue(window.isOpen(MS));
        send(window, MS);
        assertFalse(window.isOpen(MS));
        window.acknowledged(Integer.MAX_VALUE, 0, MS);
        assertTrue(window.isOpen(MS));
        send(window, MS);
        send(window, MS);
        assertFalse(window.isOpen(MS));
        window.acknowledged(-1, 0, MS);
        assertTrue(window.isOpen(MS));
    }

    @Test
    void aClientCanSuspendItsAcknowledgements() {
        SendWindow window = new SendWindow(1);
        send(window, 0);
        assertFalse(window.isOpen(0));
        window.acknowledged(0, SendWindow.ACKNOWLEDGEMENTS_SUSPENDED, 0);
        assertTrue(window.isOpen(0));
        send(window, 0);
        assertTrue(window.isOpen(0));
        window.acknowledged(1, 0, 0);
        assertFalse(window.isOpen(0));
    }

    @Test
    void aClientThatNeverAcknowledgesIsNotWaitedFor() {
        SendWindow window = new SendWindow(2);
        long now = 0;
        for (int i = 0; i <= SendWindow.FRAMES_WITHOUT_ACKNOWLEDGEMENT; i++) {
            send(window, now);
            now += SendWindow.TRICKLE_NANOS;
        }
        send(window, now);
        assertTrue(window.isOpen(now));
    }

    @Test
    void fastSocketsGetLargerBatchesAndSlowOnesSmaller() {
        SendWindow window = new SendWindow(0);
        assertEquals(SendWindow.FIRST_BUDGET, window.budget());
        for (int i = 0; i < 20; i++) {
            sendFull(window, MS);
        }
        assertEquals(SendWindow.MAX_BUDGET, window.budget());
        window.sent(100, 0);
        window.drained(100, MS);
        assertEquals(SendWindow.MAX_BUDGET, window.budget());
        for (int i = 0; i < 20; i++) {
            sendFull(window, 200 * MS);
        }
        assertEquals(SendWindow.MIN_BUDGET, window.budget());
    }

    @Test
    void smallBatchesSayNothingAboutTheSpeedOfALink() {
        SendWindow window = new SendWindow(0);
        window.sent(10, 0);
        window.drained(10, MS);
        assertEquals(SendWindow.FIRST_BUDGET, window.budget());
    }

    @Test
    void knowsTheTimeToTheAcknowledgement() {
        SendWindow window = new SendWindow(2);
        assertEquals(OptionalLong.empty(), window.latency());
        send(window, 0);
        window.acknowledged(1, 0, 20 * MS);
        assertEquals(OptionalLong.of(20 * MS), window.latency());
        send(window, 100 * MS);
        window.acknowledged(2, 0, 128 * MS);
        assertEquals(OptionalLong.of(21 * MS), window.latency());
    }

    @Test
    void isStalledWhileTheSocketTakesNothing() {
        SendWindow window = new SendWindow(0);
        assertFalse(window.isStalled(5000, 1000));
        window.sent(1, 0);
        assertFalse(window.isStalled(1000, 1000));
        assertTrue(window.isStalled(1001, 1000));
        window.drained(1, 1001);
        assertFalse(window.isStalled(5000, 1000));
    }

    private static void send(SendWindow window, long now) {
        window.sent(1000, now);
        window.drained(1000, now);
    }

    private static void sendFull(SendWindow window, long drainedAt) {
        int bytes = window.budget();
        window.sent(bytes, 0);
        window.drained(bytes, drainedAt);
    }
}
