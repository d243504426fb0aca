// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.libvirt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class CallPoolTest {
    private static final Duration DEADLINE = Duration.ofMillis(100);
    private static final Duration AGES = Duration.ofMinutes(5);

    private final CountDownLatch release = new CountDownLatch(1);
    private final BlockingQueue<Object> discarded = new LinkedBlockingQueue<>();
    private CallPool pool;

    @AfterEach
    void end() {
        release.countDown();
        pool.close();
    }

    private CallPool.Call<Integer> hanging(int value) {
        return pool.submit(
                "answer",
                () -> {
                    release.await();
                    return value;
                },
                discarded::add);
    }

    private static Throwable failure(CallPool.Call<?> call) {
        return assertThrows(ExecutionException.class, () -> call.result().get()).getCause();
    }

    @Test
    void returnsWhatTheCallReturnsOrThrows() throws Exception {
        pool = new CallPool("t", 2, AGES);
        assertEquals(7, pool.submit("answer", () -> 7, discarded::add).result().get());
        LibvirtCallException thrown = new LibvirtCallException("no");
        CallPool.Call<Integer> failing = pool.submit(
                "answer",
                () -> {
                    throw thrown;
                },
                discarded::add);
        assertEquals(thrown, failure(failing));
        assertTrue(discarded.isEmpty());
    }

    @Test
    void givesUpACallAtItsDeadlineAndSaysWhich() {
        pool = new CallPool("t", 1, DEADLINE);
        Throwable e = failure(hanging(7));
        assertInstanceOf(CallPool.TimedOutException.class, e);
        assertEquals("libvirt did not answer within 0.1 s", e.getMessage());
    }

    @Test
    void countsCallsGivenUpUntilTheyReturnAndDiscardsWhatTheyReturn() throws Exception {
        pool = new CallPool("t", 1, Duration.ofSeconds(2)); // time enough for its thread to begin with the call
        CallPool.Call<Integer> call = hanging(7);
        failure(call);
        // Counted by the thread that gives it up, after the result is known.
        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            while (pool.stuck() != 1) {
                Thread.onSpinWait();
            }
        });
        assertFalse(call.ended().isDone());
        release.countDown();
        call.ended().get();
        assertEquals(0, pool.stuck());
        assertEquals(7, discarded.poll(5, TimeUnit.SECONDS));
    }

    @Test
    void countsCallsByWhatBecameOfThem() throws Exception {
        pool = new CallPool("t", 1, Duration.ofSeconds(2));
        pool.submit("answer", () -> 7, discarded::add).result().get();
        failure(pool.submit(
                "answer",
                () -> {
                    throw new LibvirtCallException("no");
                },
                discarded::add));
        failure(hanging(7));
        // Counted by the thread that gives the result, after it is known.
        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            while (!counts().equals(List.of(1L, 1L, 1L))) {
                Thread.onSpinWait();
            }
        });
        release.countDown();
        assertEquals(7, discarded.poll(5, TimeUnit.SECONDS));
        assertTrue(pool.statistics().nanos() > 0);
    }

    private List<Long> counts() {
        CallStatistics calls = pool.statistics();
        return List.of(calls.returned(), calls.failed(), calls.timedOut());
    }

    @Test
    void discardsWhatACancelledCallReturns() throws Exception {
        pool = new CallPool("t", 1, AGES);
        CountDownLatch begun = new CountDownLatch(1);
        CallPool.Call<Integer> call = pool.submit(
                "answer",
                () -> {
                    begun.countDown();
                    release.await();
                    return 8;
                },
                discarded::add);
        begun.await();
        call.result().cancel(false);
        release.countDown();
        assertEquals(8, discarded.poll(5, TimeUnit.SECONDS));
        assertEquals(0, pool.stuck());
    }

    @Test
    void callThatWaitedForAThreadTooLongIsNotMade() throws Exception {
        pool = new CallPool("t", 1, DEADLINE);
        CallPool.Call<Integer> first = hanging(1);
        AtomicInteger made = new AtomicInteger();
        CallPool.Call<Integer> second = pool.submit("answer", made::incrementAndGet, discarded::add);
        assertInstanceOf(CallPool.TimedOutException.class, failure(second));
        failure(first);
        assertEquals(1, pool.stuck());
        release.countDown();
        second.ended().get();
        assertEquals(0, made.get());
    }

    @Test
    void otherThreadsGoOnBesideACallThatHangs() throws Exception {
        pool = new CallPool("t", 2, AGES);
        hanging(1);
        for (int i = 0; i < 100; i++) {
            assertEquals(
                    3, pool.submit("answer", () -> 3, discarded::add).result().get());
        }
    }

    @Test
    void refusesCallsWhenTooManyWait() {
        pool = new CallPool("t", 1, AGES);
        List<CallPool.Call<Integer>> calls = new ArrayList<>();
        while (calls.size() < 1000) {
            CallPool.Call<Integer> call = hanging(1);
            if (call.result().isCompletedExceptionally()) {
                assertTrue(failure(call).getMessage().contains("too many"));
                assertTrue(calls.size() < 300);
                return;
            }
            calls.add(call);
        }
        throw new AssertionError("1000 calls wait");
    }

    @Test
    void refusesCallsWhenClosed() {
        pool = new CallPool("t", 1, AGES);
        pool.close();
        assertTrue(failure(hanging(1)).getMessage().contains("closed"));
    }
}
