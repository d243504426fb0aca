// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon.endpoint;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A step from what is to what is wanted. */
sealed interface Change {

    ConsoleId id();

    /** Sends the viewers away and forgets the console. */
    record Close(ConsoleId id) implements Change {}

    /** Gives an address back. Viewers stay. */
    record Unlisten(ConsoleId id) implements Change {}

    /** The console has another name. */
    record Rename(ConsoleId id, String name) implements Change {}

    /** The console's pixels come from elsewhere. Viewers stay. */
    record Redisplay(ConsoleId id, DisplayOffer display) implements Change {}

    /** Makes a console, without an address yet. */
    record Open(ConsoleId id, String name, DisplayOffer display) implements Change {}

    /** Lets clients in. */
    record Listen(ConsoleId id, EndpointSpec.Place place) implements Change {}

    /**
     * The changes that make {@code actual} into {@code wanted}, in an order in which they can be made: every address is
     * given back before any is taken, so that two consoles can swap theirs.
     */
    static List<Change> diff(Map<ConsoleId, EndpointSpec> wanted, Map<ConsoleId, EndpointSpec> actual) {
        List<Change> changes = new ArrayList<>();
        new TreeMap<>(actual)
                .keySet().stream().filter(id -> !wanted.containsKey(id)).forEach(id -> changes.add(new Close(id)));
        new TreeMap<>(wanted).forEach((id, spec) -> {
            EndpointSpec is = actual.get(id);
            if (is == null) {
                changes.add(new Open(id, spec.name(), spec.display()));
                spec.place().ifPresent(place -> changes.add(new Listen(id, place)));
            } else {
                changes.addAll(between(id, spec, is));
            }
        });
        changes.sort(Comparator.comparingInt(Change::order));
        return changes;
    }

    private static List<Change> between(ConsoleId id, EndpointSpec wanted, EndpointSpec actual) {
        List<Change> changes = new ArrayList<>();
        Optional<EndpointSpec.Place> place = wanted.place();
        if (!place.equals(actual.place())) {
            actual.place().ifPresent(old -> changes.add(new Unlisten(id)));
            place.ifPresent(now -> changes.add(new Listen(id, now)));
        }
        if (!wanted.name().equals(actual.name())) {
            changes.add(new Rename(id, wanted.name()));
        }
        if (!wanted.display().equals(actual.display())) {
            changes.add(new Redisplay(id, wanted.display()));
        }
        return changes;
    }

    private static int order(Change change) {
        if (change instanceof Close) {
            return 0;
        }
        if (change instanceof Unlisten) {
            return 1;
        }
        if (change instanceof Rename || change instanceof Redisplay) {
            return 2;
        }
        return change instanceof Open ? 3 : 4;
    }
}
