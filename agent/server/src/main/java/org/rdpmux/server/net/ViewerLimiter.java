// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.net;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.rdpmux.server.ServerOptions.Limits;

/**
 * Counts the viewers of each console, in all and by account. Who may control a console comes in even if it is full of those
 * who only look: the account that has the most of them there loses its oldest. Safe for all threads.
 */
public final class ViewerLimiter {

    private final int perConsole;
    private final int perAccount;
    /** By console, oldest first; a console is in it while it has viewers. */
    private final Map<Object, List<Place>> consoles = new HashMap<>();

    public ViewerLimiter(Limits limits) {
        this.perConsole = limits.perEndpoint();
        this.perAccount = limits.perAccount();
    }

    /**
     * Who wants to see a console.
     *
     * @param account whatever tells accounts apart; empty where nobody has to prove who he is, which is not limited
     * @param controls whether it may type
     * @param displaced called once if it has to make way, on the thread of who comes; must not block
     */
    record Viewer(Optional<Object> account, boolean controls, Runnable displaced) {}

    /** Whether there is a place. */
    sealed interface Answer {
        /** There is one. */
        record Entered(Place place) implements Answer {}

        /** There is none; the reason is for the log. */
        record Full(String reason) implements Answer {}
    }

    /** One viewer's place; closed with it. */
    final class Place implements AutoCloseable {

        private final Object console;
        private final Viewer viewer;

        private Place(Object console, Viewer viewer) {
            this.console = console;
            this.viewer = viewer;
        }

        /** Idempotent. */
        @Override
        public void close() {
            synchronized (ViewerLimiter.this) {
                consoles.computeIfPresent(console, (key, places) -> {
                    places.remove(this);
                    return places.isEmpty() ? null : places;
                });
            }
        }
    }

    /** @param console whatever tells consoles apart */
    Answer enter(Object console, Viewer viewer) {
        Place victim = null;
        Place place = new Place(console, viewer);
        synchronized (this) {
            List<Place> places = consoles.getOrDefault(console, List.of());
            long ofAccount = viewer.account().isEmpty() ? 0 : count(places, viewer.account());
            if (ofAccount >= perAccount) {
                return new Answer.Full("its account has " + ofAccount + " viewers here already");
            }
            if (places.size() >= perConsole) {
                victim = viewer.controls() ? mostDispensable(places) : null;
                if (victim == null) {
                    return new Answer.Full("there are " + places.size() + " viewers already");
                }
                places.remove(victim);
            }
            consoles.computeIfAbsent(console, key -> new ArrayList<>()).add(place);
        }
        if (victim != null) {
            victim.viewer.displaced().run();
        }
        return new Answer.Entered(place);
    }

    private static long count(List<Place> places, Optional<Object> account) {
        return places.stream()
                .filter(place -> place.viewer.account().equals(account))
                .count();
    }

    /** Of those who only look, the oldest of whoever has the most; null if there are none. */
    private static Place mostDispensable(List<Place> places) {
        Map<Optional<Object>, Integer> byAccount = new HashMap<>();
        Place victim = null;
        int most = 0;
        for (int i = places.size() - 1; i >= 0; i--) {
            Place place = places.get(i);
            if (!place.viewer.controls()) {
                int count = byAccount.merge(place.viewer.account(), 1, Integer::sum);
                if (count >= most) {
                    most = count;
                    victim = place;
                }
            }
        }
        return victim;
    }
}
