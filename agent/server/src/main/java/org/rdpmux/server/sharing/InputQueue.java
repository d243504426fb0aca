// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.sharing;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.rdpmux.display.InputEvent;

/**
 * One viewer's input on its way from the client's thread to the console's, in order. Nothing is lost: the client's thread
 * stops reading while the queue {@linkplain #isFull is full}. A pointer's move that nobody has looked at yet is replaced
 * by the next one. Safe for the two threads.
 */
public final class InputQueue {

    /** Beyond this the client is faster than the guest. What one PDU holds may still come on top. */
    public static final int LIMIT = 256;

    private final ArrayDeque<ViewerInput> queue = new ArrayDeque<>();
    private boolean taken = true;

    /** @return true if the console's thread has to be told */
    public synchronized boolean add(ViewerInput input) {
        if (isMove(input) && isMove(queue.peekLast())) {
            queue.removeLast();
        }
        queue.addLast(input);
        boolean tell = taken;
        taken = false;
        return tell;
    }

    public synchronized boolean isFull() {
        return queue.size() >= LIMIT;
    }

    /** All of it; the next {@link #add} tells the console's thread again. */
    public synchronized List<ViewerInput> take() {
        List<ViewerInput> all = new ArrayList<>(queue);
        queue.clear();
        taken = true;
        return all;
    }

    private static boolean isMove(ViewerInput input) {
        return input instanceof ViewerInput.Event e && e.event() instanceof InputEvent.PointerMove;
    }
}
