// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.rdpmux.server.Opening;
import org.rdpmux.server.Route;
import org.rdpmux.server.login.LoginAttempt;
import org.rdpmux.server.net.Router.Answer;

class RouterTest {

    private static final Opening OPENING = new Opening(Optional.empty(), "Cookie: msts=1");
    private static final Origin ORIGIN = new Origin(new InetSocketAddress("192.0.2.1", 5), false);

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final List<Runnable> lookups = new ArrayList<>();
    private final List<Opening> asked = new ArrayList<>();
    private final List<Answer> answers = new ArrayList<>();
    private boolean full;

    @BeforeEach
    void freeze() {
        channel.freezeTime();
    }

    @AfterEach
    void release() {
        channel.finishAndReleaseAll();
    }

    @Test
    void whatLeadsNowhereIsRefusedOnTheLoop() {
        find();
        assertEquals(List.of(), answers, "a look-up may block");
        lookups.get(0).run();
        assertEquals(List.of(), answers, "the answer comes on the client's loop");
        channel.runPendingTasks();
        assertEquals(List.of(new Answer.Refused("it leads nowhere")), answers);
        assertEquals(List.of(OPENING), asked);
        pass(10 * LoginAttempt.LOOKUP_SECONDS);
        assertEquals(1, answers.size(), "one answer");
    }

    @Test
    void aLookUpThatTakesTooLongIsNotWaitedFor() {
        find();
        pass(LoginAttempt.LOOKUP_SECONDS - 1);
        assertEquals(List.of(), answers);
        pass(1);
        assertEquals(List.of(new Answer.Refused("its route was not found within 5 s")), answers);
        lookups.get(0).run();
        channel.runPendingTasks();
        assertEquals(1, answers.size(), "one answer");
        assertEquals(List.of(), asked, "nobody waits for it any more");
    }

    @Test
    void tooManyLookUpsAreRefused() {
        full = true;
        find();
        channel.runPendingTasks();
        assertEquals(List.of(new Answer.Refused("too many look-ups wait")), answers);
    }

    @Test
    void aDefectOfTheFinderIsARefusal() {
        Route.Finder defect = (opening, remote) -> {
            throw new IllegalStateException("on purpose");
        };
        find(defect);
        lookups.get(0).run();
        channel.runPendingTasks();
        assertInstanceOf(Answer.Refused.class, answers.get(0));
    }

    private void find() {
        find((opening, remote) -> {
            asked.add(opening);
            return Optional.empty();
        });
    }

    private void find(Route.Finder finder) {
        new Router(
                        new Route.LookUp("gateway", finder),
                        entry -> {
                            throw new AssertionError("nothing was found");
                        },
                        origin -> task -> {
                            if (full) {
                                throw new RejectedExecutionException();
                            }
                            lookups.add(task);
                        })
                .find(OPENING, ORIGIN, channel.eventLoop(), answers::add);
    }

    private void pass(long seconds) {
        channel.advanceTimeBy(seconds, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
    }
}
