// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.rdpmux.display.InputEvent;
import org.rdpmux.display.PointerButton;
import org.rdpmux.display.Scancode;

class InputQueueTest {

    private final InputQueue queue = new InputQueue();

    @Test
    void tellsOnceUntilItWasFoundEmpty() {
        assertTrue(queue.add(key(1)));
        assertFalse(queue.add(key(2)));
        assertEquals(key(1), queue.poll());
        assertEquals(key(2), queue.poll());
        assertFalse(queue.add(key(3)), "whoever polls has not seen the end yet");
        assertEquals(key(3), queue.poll());
        assertNull(queue.poll());
        assertTrue(queue.add(key(4)));
    }

    @Test
    void replacesMovesThatFollowEachOtherAndNoOthers() {
        queue.add(move(1));
        queue.add(move(2));
        ViewerInput press = new ViewerInput.Event(new InputEvent.Button(PointerButton.LEFT, true));
        queue.add(press);
        queue.add(move(3));
        queue.add(move(4));
        assertEquals(move(2), queue.poll());
        assertEquals(press, queue.poll());
        assertEquals(move(4), queue.poll());
        assertNull(queue.poll());
    }

    @Test
    void isFullAtItsLimitAndResumesOnceHalfEmpty() {
        int before = InputQueue.LIMIT - InputQueue.MOST_OF_ONE_EVENT;
        for (int i = 0; i < before; i++) {
            queue.add(key(1));
        }
        assertFalse(queue.isFull(), "what one more event of the client makes has room");
        for (int i = 0; i < InputQueue.MOST_OF_ONE_EVENT; i++) {
            queue.add(key(1));
            assertTrue(queue.isFull());
        }
        for (int i = InputQueue.LIMIT; i > InputQueue.LIMIT / 2; i--) {
            assertFalse(queue.resumes());
            queue.poll();
        }
        assertFalse(queue.isFull());
        assertTrue(queue.resumes());
        assertFalse(queue.resumes(), "told once");
    }

    private static ViewerInput key(int code) {
        return new ViewerInput.Event(new InputEvent.Key(Scancode.of(code), true));
    }

    private static ViewerInput move(int x) {
        return new ViewerInput.Event(new InputEvent.PointerMove(x, 0));
    }
}
