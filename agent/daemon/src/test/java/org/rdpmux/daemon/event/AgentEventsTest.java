// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class AgentEventsTest {

    private final AgentEvents events = new AgentEvents();

    /** Runs what it was given when the test says so. */
    private final Queue<Runnable> turns = new ArrayDeque<>();

    private static final class Recorder implements AgentEvents.Subscriber {
        final List<String> heard = new ArrayList<>();

        @Override
        public void received(AgentEvent event) {
            heard.add(((AgentEvent.ProblemFound) event).problem());
        }

        @Override
        public void lost(long count) {
            heard.add(count + " lost");
        }
    }

    private void publish(int first, int last) {
        IntStream.rangeClosed(first, last)
                .forEach(number -> events.publish(() -> new AgentEvent.ProblemFound("p" + number)));
    }

    private void runTurns() {
        for (Runnable turn = turns.poll(); turn != null; turn = turns.poll()) {
            turn.run();
        }
    }

    @Test
    void makesNoEventWithoutSubscribers() {
        events.publish(() -> fail("an event was made for nobody"));
        events.subscribe(1, turns::add, new Recorder()).close();
        events.publish(() -> fail("an event was made for somebody who has left"));
        assertEquals(0, turns.size());
    }

    @Test
    void tellsEverySubscriberEverythingInOrder() {
        Recorder one = new Recorder();
        Recorder other = new Recorder();
        events.subscribe(10, turns::add, one);
        events.subscribe(10, Runnable::run, other);
        publish(1, 3);
        assertEquals(List.of("p1", "p2", "p3"), other.heard);
        assertEquals(List.of(), one.heard);
        assertEquals(1, turns.size(), "one turn takes all that waits");
        runTurns();
        assertEquals(List.of("p1", "p2", "p3"), one.heard);
    }

    @Test
    void aSlowSubscriberLosesTheOldestAndIsToldHowMany() {
        Recorder slow = new Recorder();
        Recorder quick = new Recorder();
        events.subscribe(3, turns::add, slow);
        events.subscribe(3, Runnable::run, quick);
        publish(1, 10);
        runTurns();
        assertEquals(List.of("7 lost", "p8", "p9", "p10"), slow.heard);
        assertEquals(10, quick.heard.size());
        slow.heard.clear();
        publish(11, 11);
        runTurns();
        assertEquals(List.of("p11"), slow.heard, "what was lost is told once");
    }

    @Test
    void publishingDoesNotWaitForASubscriberThatIsStuck() throws Exception {
        CountDownLatch stuck = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(2);
        List<String> heard = new ArrayList<>();
        ExecutorService executor = Executors.newSingleThreadExecutor();
        try {
            events.subscribe(2, executor, new AgentEvents.Subscriber() {
                @Override
                public void received(AgentEvent event) {
                    stuck.countDown();
                    try {
                        release.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    done.countDown();
                }

                @Override
                public void lost(long count) {
                    heard.add(count + " lost");
                }
            });
            publish(1, 1);
            stuck.await();
            publish(2, 100); // returns, or the test times out
            release.countDown();
            done.await();
            executor.shutdown();
            executor.awaitTermination(30, TimeUnit.SECONDS);
            assertEquals(List.of("97 lost"), heard);
        } finally {
            release.countDown();
            executor.shutdownNow();
        }
    }

    @Test
    void aSubscriberThatFailsHearsTheNextEventAndHarmsNobody() {
        Recorder other = new Recorder();
        List<AgentEvent> heard = new ArrayList<>();
        events.subscribe(10, Runnable::run, new AgentEvents.Subscriber() {
            @Override
            public void received(AgentEvent event) {
                heard.add(event);
                throw new IllegalStateException("a defect");
            }

            @Override
            public void lost(long count) {}
        });
        events.subscribe(10, Runnable::run, other);
        publish(1, 2);
        assertEquals(2, heard.size());
        assertEquals(List.of("p1", "p2"), other.heard);
    }

    @Test
    void nothingIsDeliveredAfterTheEnd() {
        Recorder left = new Recorder();
        Subscription subscription = events.subscribe(10, turns::add, left);
        publish(1, 2);
        subscription.close();
        runTurns();
        assertEquals(List.of(), left.heard);
    }

    @Test
    void aSubscriberWhoseExecutorHasEndedIsForgotten() {
        events.subscribe(
                10,
                task -> {
                    throw new RejectedExecutionException("ended");
                },
                new Recorder());
        publish(1, 1);
        events.publish(() -> fail("somebody is told still"));
    }
}
