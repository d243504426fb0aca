// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.console;

import java.util.ArrayList;
import java.util.List;

/**
 * Messages of one sealed family on their way to another thread. Of each kind one at most waits: a newer message is joined
 * with the one that waits or takes its place, so a mailbox never holds more than the family has kinds, and its reader is
 * woken once until it has read everything. Kinds are read in the order in which they began to wait. Safe for all threads.
 */
final class Mailbox<M extends Mailbox.Message<M>> {

    /** Something that may wait in a mailbox. */
    interface Message<M> {
        /**
         * This message and an earlier one of the same kind as one.
         *
         * @param earlier of this message's kind
         */
        M after(M earlier);

        /** What messages of one kind have in common. */
        default Object kind() {
            return getClass();
        }
    }

    private final List<M> waiting = new ArrayList<>();
    private boolean told;

    /** @return true if the reader has to be woken */
    synchronized boolean post(M message) {
        for (int i = 0; i < waiting.size(); i++) {
            M earlier = waiting.get(i);
            if (earlier.kind().equals(message.kind())) {
                waiting.set(i, message.after(earlier));
                return false; // woken for the one before
            }
        }
        waiting.add(message);
        boolean wake = !told;
        told = true;
        return wake;
    }

    /** The next message; null if there is none: then the next {@link #post} wakes the reader again. */
    synchronized M poll() {
        told = !waiting.isEmpty();
        return waiting.isEmpty() ? null : waiting.remove(0);
    }
}
