// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.rdpmux.server.ServerOptions.Limits;
import org.rdpmux.server.net.ViewerLimiter.Answer;

class ViewerLimiterTest {

    private final List<String> displaced = new ArrayList<>();
    private final ViewerLimiter limiter = new ViewerLimiter(new Limits(99, 6, 3, 99, 99, Duration.ofSeconds(1)));

    @Test
    void oneAccountDoesNotTakeAllPlacesOfAConsole() {
        for (int i = 0; i < 3; i++) {
            enter("a", "alice", false);
        }
        assertEquals("its account has 3 viewers here already", refused("a", "alice", true));
        enter("a", "bob", false);
        enter("b", "alice", false);
    }

    @Test
    void whoControlsDisplacesTheOldestOfWhoeverLooksOnMost() {
        enter("a", "carol", true);
        enter("a", "bob", false);
        enter("a", "alice", false);
        enter("a", "alice", false);
        ViewerLimiter.Place last = enter("a", "alice", false);
        enter("a", "dave", true);
        assertEquals("there are 6 viewers already", refused("a", "bob", false));
        enter("a", "carol", true);
        assertEquals(List.of("alice 3"), displaced);
        last.close();
        enter("a", "eve", true);
        enter("a", "eve", true);
        assertEquals(List.of("alice 3", "bob 2"), displaced, "the oldest, where all have one");
        enter("a", "eve", true);
        assertEquals(List.of("alice 3", "bob 2", "alice 4"), displaced);
        assertEquals("there are 6 viewers already", refused("a", "frank", true));
    }

    @Test
    void whoLeavesMakesRoom() {
        ViewerLimiter.Place place = enter("a", "alice", false);
        enter("a", "alice", false);
        enter("a", "alice", false);
        place.close();
        place.close();
        enter("a", "alice", false);
        refused("a", "alice", false);
    }

    @Test
    void withoutAccountsOnlyTheConsolesPlacesCount() {
        for (int i = 0; i < 6; i++) {
            assertInstanceOf(
                    Answer.Entered.class,
                    limiter.enter("a", new ViewerLimiter.Viewer(Optional.empty(), true, () -> {})));
        }
        assertEquals("there are 6 viewers already", refused("a", "alice", true));
    }

    private int entered;

    private ViewerLimiter.Place enter(String console, String account, boolean controls) {
        return assertInstanceOf(Answer.Entered.class, ask(console, account, controls))
                .place();
    }

    private String refused(String console, String account, boolean controls) {
        return assertInstanceOf(Answer.Full.class, ask(console, account, controls))
                .reason();
    }

    private Answer ask(String console, String account, boolean controls) {
        int number = ++entered;
        return limiter.enter(
                console,
                new ViewerLimiter.Viewer(Optional.of(account), controls, () -> displaced.add(account + " " + number)));
    }
}
