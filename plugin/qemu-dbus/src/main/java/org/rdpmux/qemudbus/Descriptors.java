// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.qemudbus;

import java.util.ArrayDeque;
import java.util.Deque;

/** File descriptors that came with a message and belong to whoever holds this: what nobody takes is closed. One thread. */
final class Descriptors implements AutoCloseable {

    /** As many as one message may bring, and may wait for their message: those of a picture in four planes, and room. */
    static final int MAX = 16;

    private final Deque<Integer> waiting = new ArrayDeque<>();

    /** Adds one, which belongs to this from now on. */
    void add(int descriptor) {
        if (waiting.size() == MAX) {
            UnixSocket.close(descriptor);
            throw DbusException.violation("message", "comes with more than " + MAX + " file descriptors");
        }
        waiting.add(descriptor);
    }

    /** The oldest ones, which belong to the result from now on. */
    Descriptors take(int count) {
        if (count > waiting.size()) {
            throw DbusException.violation("message", "lacks the file descriptors that it speaks of");
        }
        Descriptors taken = new Descriptors();
        for (int i = 0; i < count; i++) {
            taken.add(waiting.remove());
        }
        return taken;
    }

    /** The one that a message means by its number, the caller's to close; at most once each. */
    int claim(int index) {
        if (index < 0 || index >= waiting.size()) {
            throw DbusException.violation("message", "means file descriptor " + index + ", which did not come with it");
        }
        for (int i = 0; i < index; i++) {
            UnixSocket.close(waiting.remove());
        }
        return waiting.remove();
    }

    @Override
    public void close() {
        while (!waiting.isEmpty()) {
            UnixSocket.close(waiting.remove());
        }
    }
}
