// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.console;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Lets few consoles at a time open their displays to learn the screen's size, so that an agent that starts with many guests
 * does not connect to all of them at once. A console has one place at most. Safe for all threads.
 */
public final class ProbeQueue {

    /** Each takes a connection and some 100 kB for a moment; one whose display does not answer takes 15 s. */
    public static final int AT_ONCE = 8;

    private final int atOnce;
    private final Deque<Place> waiting = new ArrayDeque<>();
    private int running;

    /** @param atOnce how many have their turn at a time, 1 or more */
    public ProbeQueue(int atOnce) {
        this.atOnce = atOnce;
    }

    /** @param turn called once, at once or by whoever leaves, when it is this console's turn; must not block */
    Place join(Runnable turn) {
        Place place = new Place(turn);
        synchronized (this) {
            if (running == atOnce) {
                waiting.add(place);
                return place;
            }
            running++;
            place.state = Place.RUNS;
        }
        turn.run();
        return place;
    }

    /** One console's place. */
    final class Place {

        private static final int WAITS = 0;
        private static final int RUNS = 1;
        private static final int LEFT = 2;

        private final Runnable turn;
        private int state = WAITS;

        private Place(Runnable turn) {
            this.turn = turn;
        }

        /** It is the next one's turn, or this console does not want one any more. Idempotent. */
        void leave() {
            Place next = null;
            synchronized (ProbeQueue.this) {
                if (state == RUNS) {
                    next = waiting.poll();
                    if (next == null) {
                        running--;
                    } else {
                        next.state = RUNS;
                    }
                } else {
                    waiting.remove(this);
                }
                state = LEFT;
            }
            if (next != null) {
                next.turn.run();
            }
        }
    }
}
