// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.console;

import java.util.ArrayDeque;
import org.rdpmux.display.InputEvent;

/**
 * One viewer's input on its way from the client's thread to the console's, in order. Nothing is lost: the client's thread
 * stops reading while the queue {@linkplain #isFull is full}, until the console's thread finds that it {@linkplain #resumes
 * resumes}. A pointer's move that nobody has looked at yet is replaced by the next one. Safe for the two threads.
 */
public final class InputQueue {

    /** As many wait at most: then the client is faster than the guest. */
    public static final int LIMIT = 256;

    /** What one event of a client makes at most: a move, and three buttons. */
    public static final int MOST_OF_ONE_EVENT = 6;

    /** From here on another event of a client might not find room. */
    private static final int FULL = LIMIT - MOST_OF_ONE_EVENT;

    private final ArrayDeque<ViewerInput> queue = new ArrayDeque<>();
    private boolean told;
    private boolean paused;

    /** @return true if the console's thread has to be told */
    public synchronized boolean add(ViewerInput input) {
        if (isMove(input) && isMove(queue.peekLast())) {
            queue.removeLast();
        }
        queue.addLast(input);
        paused |= queue.size() > FULL;
        boolean tell = !told;
        told = true;
        return tell;
    }

    public synchronized boolean isEmpty() {
        return queue.isEmpty();
    }

    /** True if the client's thread is to stop reading. */
    public synchronized boolean isFull() {
        return queue.size() > FULL;
    }

    /** The next one; null if there is none: then the next {@link #add} tells the console's thread again. */
    public synchronized ViewerInput poll() {
        told = !queue.isEmpty();
        return queue.pollFirst();
    }

    /** True, once, when a queue that was full is half empty: the client's thread may read again. */
    public synchronized boolean resumes() {
        boolean resumes = paused && queue.size() <= LIMIT / 2;
        paused &= !resumes;
        return resumes;
    }

    static boolean isMove(ViewerInput input) {
        return input instanceof ViewerInput.Event e && e.event() instanceof InputEvent.PointerMove;
    }
}
