// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.libvirt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DomainTableTest {
    private static final UUID A = new UUID(0, 1);
    private static final UUID B = new UUID(0, 2);

    private final List<DomainEvent> events = new ArrayList<>();
    private final DomainTable table = new DomainTable(events::add);

    private static Snapshot off(UUID uuid) {
        return new Snapshot(
                uuid,
                "n" + uuid.getLeastSignificantBits(),
                OptionalInt.empty(),
                DomainState.OFF,
                Optional.empty(),
                true,
                List.of(),
                DomainMetadata.NONE);
    }

    private static Snapshot running(UUID uuid, int id) {
        Snapshot s = off(uuid);
        return new Snapshot(
                uuid,
                s.name(),
                OptionalInt.of(id),
                DomainState.RUNNING,
                Optional.empty(),
                true,
                s.graphics(),
                s.metadata());
    }

    private static Snapshot in(Snapshot s, DomainState state) {
        return new Snapshot(
                s.uuid(), s.name(), s.id(), state, s.stopReason(), s.persistent(), s.graphics(), s.metadata());
    }

    private static Snapshot named(Snapshot s, String name) {
        return new Snapshot(
                s.uuid(), name, s.id(), s.state(), s.stopReason(), s.persistent(), s.graphics(), s.metadata());
    }

    private static Snapshot transientOne(Snapshot s) {
        return new Snapshot(s.uuid(), s.name(), s.id(), s.state(), s.stopReason(), false, s.graphics(), s.metadata());
    }

    private static Snapshot with(Snapshot s, DomainMetadata metadata) {
        return new Snapshot(
                s.uuid(), s.name(), s.id(), s.state(), s.stopReason(), s.persistent(), s.graphics(), metadata);
    }

    /** What was told since the last call: kinds, with the generation where a run begins or ends. */
    private List<String> told() {
        List<String> told = events.stream()
                .map(event -> {
                    String kind = event.getClass().getSimpleName();
                    if (event instanceof DomainEvent.Started started) {
                        return kind + " " + started.domain().generation();
                    }
                    if (event instanceof DomainEvent.Stopped stopped) {
                        return kind + " " + stopped.domain().generation() + " " + stopped.reason();
                    }
                    return kind;
                })
                .toList();
        events.clear();
        return told;
    }

    private void happens(UUID uuid, Snapshot shows) {
        table.changed(uuid, Optional.empty());
        assertEquals(Optional.of(uuid), table.nextLook());
        table.seen(shows);
    }

    private void stops(UUID uuid, StopReason reason, Snapshot shows) {
        table.changed(uuid, Optional.of(reason));
        assertEquals(Optional.of(uuid), table.nextLook());
        table.seen(shows);
    }

    @Test
    void tellsRunsWithTheirGenerationAndReason() {
        happens(A, off(A));
        assertEquals(List.of("Defined"), told());
        happens(A, running(A, 5));
        assertEquals(List.of("Started 1"), told());
        stops(A, StopReason.DESTROYED, off(A));
        assertEquals(List.of("Stopped 1 DESTROYED"), told());
        happens(A, running(A, 6));
        assertEquals(List.of("Started 2"), told());
    }

    @Test
    void domainFoundRunningIsDefinedAndStarted() {
        happens(A, running(A, 5));
        assertEquals(List.of("Defined", "Started 1"), told());
    }

    @Test
    void lookBetweenWhosePartsTheDomainStoppedShowsItOff() {
        happens(A, in(running(A, 5), DomainState.PAUSED));
        told();
        happens(A, in(running(A, 5), DomainState.OFF));
        assertEquals(List.of("Stopped 1 UNKNOWN"), told());
        happens(A, in(off(A), DomainState.RUNNING));
        assertEquals(List.of(), told());
    }

    @Test
    void reasonThatALookShowsCountsMoreThanThatOfAnEvent() {
        happens(A, running(A, 5));
        told();
        Snapshot s = off(A);
        stops(
                A,
                StopReason.CRASHED,
                new Snapshot(
                        A,
                        s.name(),
                        s.id(),
                        s.state(),
                        Optional.of(StopReason.SAVED),
                        true,
                        s.graphics(),
                        s.metadata()));
        assertEquals(List.of("Stopped 1 SAVED"), told());
    }

    @Test
    void runThatEndedAndBeganAgainBeforeTheLookIsTwoRuns() {
        happens(A, running(A, 5));
        told();
        stops(A, StopReason.SHUTDOWN, running(A, 6));
        assertEquals(List.of("Stopped 1 SHUTDOWN", "Started 2"), told());
    }

    @Test
    void runTooShortToBeSeenIsLeftOut() {
        happens(A, off(A));
        told();
        stops(A, StopReason.FAILED, off(A));
        assertEquals(List.of(), told());
    }

    @Test
    void eventThatComesAfterALookHasSeenItAllTellsNothingAndGivesNoReasonLater() {
        happens(A, running(A, 5));
        happens(A, running(A, 6));
        told();
        stops(A, StopReason.DESTROYED, running(A, 6));
        assertEquals(List.of(), told());
        happens(A, off(A));
        assertEquals(List.of("Stopped 2 UNKNOWN"), told());
    }

    @Test
    void repeatedEventsAreTold() {
        happens(A, running(A, 5));
        happens(A, running(A, 5));
        assertEquals(List.of("Defined", "Started 1"), told());
    }

    @Test
    void suspendAndResumeStayInTheRun() {
        happens(A, running(A, 5));
        told();
        happens(A, in(running(A, 5), DomainState.PAUSED));
        assertEquals(List.of("Suspended"), told());
        happens(A, in(running(A, 5), DomainState.PM_SUSPENDED));
        assertEquals(List.of("Updated"), told());
        happens(A, running(A, 5));
        assertEquals(List.of("Resumed"), told());
        happens(A, in(running(A, 5), DomainState.SHUTTING_DOWN));
        assertEquals(List.of("Updated"), told());
        happens(A, in(running(A, 5), DomainState.CRASHED));
        assertEquals(List.of("Suspended"), told());
    }

    @Test
    void renameKeepsTheDomain() {
        happens(A, off(A));
        told();
        happens(A, named(off(A), "other"));
        assertEquals("n1", ((DomainEvent.Renamed) events.get(0)).oldName());
        assertEquals("other", ((DomainEvent.Renamed) events.get(0)).domain().name());
        assertEquals(List.of("Renamed"), told());
    }

    @Test
    void renameBetweenTwoRunsComesBeforeTheSecond() {
        happens(A, running(A, 5));
        told();
        happens(A, named(running(A, 6), "other"));
        assertEquals(List.of("Renamed", "Stopped 1 UNKNOWN", "Started 2"), told());
    }

    @Test
    void undefiningARunningDomainLeavesItUntilItStops() {
        happens(A, running(A, 5));
        told();
        happens(A, transientOne(running(A, 5)));
        assertEquals(List.of("Updated"), told());
        table.changed(A, Optional.of(StopReason.SHUTDOWN));
        table.nextLook();
        table.gone(A);
        assertEquals(List.of("Stopped 1 SHUTDOWN", "Undefined"), told());
    }

    @Test
    void settingsAreToldWithTheStartOrByThemselves() {
        DomainMetadata pinned = new DomainMetadata(Optional.empty(), OptionalInt.of(3905));
        happens(A, off(A));
        told();
        happens(A, with(running(A, 5), pinned));
        assertEquals(List.of("Started 1"), told());
        happens(A, with(running(A, 5), DomainMetadata.NONE));
        assertEquals(List.of("Updated"), told());
    }

    @Test
    void listingTellsWhatIsThereAndThenThatItIsAll() {
        table.listed(Set.of(A, B));
        assertEquals(List.of(), told());
        table.seen(off(table.nextLook().orElseThrow()));
        assertEquals(List.of("Defined"), told());
        UUID second = table.nextLook().orElseThrow();
        assertEquals(Optional.empty(), table.nextLook());
        table.seen(running(second, 1));
        assertEquals(List.of("Defined", "Started 1", "Listed"), told());
    }

    @Test
    void listOfNothingIsAList() {
        table.listed(Set.of());
        assertEquals(List.of("Listed"), told());
    }

    @Test
    void listingAgainTellsOnlyWhatHasChangedMeanwhile() {
        happens(A, running(A, 5));
        happens(B, running(B, 6));
        told();
        table.disconnected();
        table.listed(Set.of(A));
        for (int i = 0; i < 2; i++) {
            UUID uuid = table.nextLook().orElseThrow();
            if (uuid.equals(A)) {
                table.seen(running(A, 5));
            } else {
                table.gone(B);
            }
        }
        assertEquals(List.of("Stopped 2 UNKNOWN", "Undefined", "Listed"), told());
    }

    @Test
    void checkOfTheListHasThoseLookedAtThatAreNotAsTheyWereKnown() {
        UUID c = new UUID(0, 3);
        UUID d = new UUID(0, 4);
        happens(A, running(A, 5));
        happens(B, off(B));
        happens(c, running(c, 6));
        table.checked(Map.of(A, OptionalInt.of(5), B, OptionalInt.empty(), c, OptionalInt.of(6)));
        assertEquals(Optional.empty(), table.nextLook());
        table.checked(Map.of(A, OptionalInt.empty(), B, OptionalInt.of(7), d, OptionalInt.empty()));
        Set<UUID> looks = new HashSet<>();
        for (Optional<UUID> at = table.nextLook(); at.isPresent(); at = table.nextLook()) {
            looks.add(at.get());
        }
        assertEquals(Set.of(A, B, c, d), looks);
    }

    @Test
    void disconnectingForgetsLooksButNotDomains() {
        happens(A, running(A, 5));
        table.changed(A, Optional.empty());
        table.nextLook();
        table.changed(B, Optional.empty());
        told();
        table.disconnected();
        assertEquals(Optional.empty(), table.nextLook());
        happens(A, off(A)); // can be looked at again
        assertEquals(List.of("Stopped 1 UNKNOWN"), told());
    }

    @Test
    void looksAtADomainOneAtATimeAndOnceMoreAfterAnEvent() {
        table.changed(A, Optional.empty());
        assertEquals(Optional.of(A), table.nextLook());
        table.changed(A, Optional.empty());
        table.changed(A, Optional.empty());
        assertEquals(Optional.empty(), table.nextLook());
        table.seen(off(A));
        assertEquals(Optional.of(A), table.nextLook());
        table.seen(off(A));
        assertEquals(Optional.empty(), table.nextLook());
    }

    @Test
    void lookThatFailsLeavesTheDomainAsItWas() {
        happens(A, running(A, 5));
        table.changed(A, Optional.empty());
        table.nextLook();
        table.unseen(A);
        assertEquals(List.of("Defined", "Started 1"), told());
        happens(A, off(A));
        assertEquals(List.of("Stopped 1 UNKNOWN"), told());
    }

    @Test
    void domainThatCannotBeLookedAtDoesNotHoldUpTheList() {
        table.listed(Set.of(A, B));
        UUID stuck = table.nextLook().orElseThrow();
        UUID other = table.nextLook().orElseThrow();
        table.stuck(stuck);
        assertEquals(List.of(), told());
        table.seen(off(other));
        assertEquals(List.of("Defined", "Listed"), told());
        assertEquals(Optional.empty(), table.nextLook());
        table.unseen(stuck);
        table.changed(stuck, Optional.empty());
        assertEquals(Optional.of(stuck), table.nextLook());
    }

    @Test
    void definedAnewWhileALookShowedItGone() {
        happens(A, off(A));
        table.changed(A, Optional.empty());
        table.nextLook();
        table.changed(A, Optional.empty());
        table.gone(A);
        assertEquals(List.of("Defined", "Undefined"), told());
        assertEquals(Optional.of(A), table.nextLook());
        table.seen(off(A));
        assertEquals(List.of("Defined"), told());
    }

    @Test
    void goneBeforeItWasSeenIsNotTold() {
        table.changed(A, Optional.empty());
        table.nextLook();
        table.gone(A);
        assertEquals(List.of(), told());
    }

    @Test
    void followsNoMoreDomainsThanTheLimit() {
        for (int i = 0; i < DomainTable.LIMIT; i++) {
            assertTrue(table.changed(new UUID(1, i), Optional.empty()));
        }
        assertFalse(table.changed(A, Optional.empty()));
        assertTrue(table.changed(new UUID(1, 3), Optional.empty()));
    }

    /** Random histories of a domain with events that come late: what was told adds up to what is. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void whatIsToldAddsUpToWhatIs(long seed) {
        Random random = new Random(seed);
        Map<UUID, Snapshot> truth = new HashMap<>();
        Map<UUID, Snapshot> looks = new HashMap<>();
        List<UUID> late = new ArrayList<>();
        int ids = 0;
        for (int step = 0; step < 5000; step++) {
            UUID uuid = new UUID(0, random.nextInt(5));
            switch (random.nextInt(5)) {
                case 0 -> {
                    Snapshot was = truth.get(uuid);
                    if (was == null) {
                        truth.put(uuid, off(uuid));
                    } else if (was.id().isEmpty() && random.nextBoolean()) {
                        truth.remove(uuid);
                    } else {
                        truth.put(uuid, was.id().isPresent() ? off(uuid) : running(uuid, ++ids));
                    }
                    late.add(uuid);
                }
                case 1 -> {
                    if (!late.isEmpty()) {
                        table.changed(late.remove(random.nextInt(late.size())), Optional.of(StopReason.CRASHED));
                    }
                }
                case 2 -> table.nextLook().ifPresent(at -> looks.put(at, truth.get(at)));
                default -> finish(looks, random);
            }
        }
        late.forEach(uuid -> table.changed(uuid, Optional.empty()));
        while (!looks.isEmpty()) {
            finish(looks, random);
        }
        for (Optional<UUID> at = table.nextLook(); at.isPresent(); at = table.nextLook()) {
            looks.put(at.get(), truth.get(at.get()));
            finish(looks, random);
        }
        assertEquals(truth, replay());
    }

    private void finish(Map<UUID, Snapshot> looks, Random random) {
        if (looks.isEmpty()) {
            return;
        }
        UUID uuid = List.copyOf(looks.keySet()).get(random.nextInt(looks.size()));
        Snapshot shows = looks.remove(uuid);
        if (shows == null) {
            table.gone(uuid);
        } else {
            table.seen(shows);
        }
    }

    /** Applies the events as a sink would, checking that they may follow each other. */
    private Map<UUID, Snapshot> replay() {
        Map<UUID, DomainInfo> known = new HashMap<>();
        long generation = 0;
        for (DomainEvent event : events) {
            DomainInfo now = ((DomainEvent.OfDomain) event).domain();
            DomainInfo was = known.get(now.uuid());
            if (event instanceof DomainEvent.Defined) {
                assertEquals(null, was);
                known.put(now.uuid(), now.active() ? null : now);
                if (now.active()) {
                    known.remove(now.uuid());
                }
            } else if (event instanceof DomainEvent.Started) {
                assertTrue(was == null || !was.active());
                assertEquals(++generation, now.generation());
                known.put(now.uuid(), now);
            } else if (event instanceof DomainEvent.Stopped) {
                assertTrue(was.active());
                assertEquals(was.generation(), now.generation());
                known.put(now.uuid(), now);
            } else {
                assertTrue(event instanceof DomainEvent.Undefined && !was.active(), event::toString);
                known.remove(now.uuid());
            }
        }
        Map<UUID, Snapshot> result = new HashMap<>();
        known.forEach((uuid, info) ->
                result.put(uuid, info.active() ? running(uuid, info.id().getAsInt()) : off(uuid)));
        return result;
    }
}
