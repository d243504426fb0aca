// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.sharing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.rdpmux.display.InputEvent;
import org.rdpmux.display.PointerButton;
import org.rdpmux.display.Scancode;

class InputQueueTest {

    private final InputQueue queue = new InputQueue();

    @Test
    void tellsOncePerTake() {
        assertTrue(queue.add(key(1)));
        assertFalse(queue.add(key(2)));
        assertEquals(List.of(key(1), key(2)), queue.take());
        assertEquals(List.of(), queue.take());
        assertTrue(queue.add(key(3)));
    }

    @Test
    void replacesMovesThatFollowEachOtherAndNoOthers() {
        queue.add(move(1));
        queue.add(move(2));
        ViewerInput press = new ViewerInput.Event(new InputEvent.Button(PointerButton.LEFT, true));
        queue.add(press);
        queue.add(move(3));
        queue.add(move(4));
        assertEquals(List.of(move(2), press, move(4)), queue.take());
    }

    @Test
    void isFullAtItsLimit() {
        for (int i = 0; i < InputQueue.LIMIT - 1; i++) {
            queue.add(key(1));
        }
        assertFalse(queue.isFull());
        queue.add(key(1));
        assertTrue(queue.isFull());
        assertEquals(InputQueue.LIMIT, queue.take().size());
        assertFalse(queue.isFull());
    }

    private static ViewerInput key(int code) {
        return new ViewerInput.Event(new InputEvent.Key(Scancode.of(code), true));
    }

    private static ViewerInput move(int x) {
        return new ViewerInput.Event(new InputEvent.PointerMove(x, 0));
    }
}
