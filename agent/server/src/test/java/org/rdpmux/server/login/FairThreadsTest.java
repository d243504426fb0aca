// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.login;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FairThreadsTest {

    private final FairThreads lookups = FairThreads.forLookups();
    private final CountDownLatch hung = new CountDownLatch(1);

    @AfterEach
    void ends() {
        hung.countDown();
        lookups.close();
    }

    @Test
    void consolesThatDoNotAnswerHoldUpNoOtherConsole() throws Exception {
        for (int console = 0; console < FairThreads.LOOKUP_THREADS - 1; console++) {
            for (int client = 0; client < 10; client++) {
                lookups.of("hung-" + console).execute(this::hang);
            }
        }
        CompletableFuture<String> other = new CompletableFuture<>();
        lookups.of("other").execute(() -> other.complete("answered"));

        assertEquals("answered", other.get(10, TimeUnit.SECONDS));
    }

    @Test
    void handshakesOfOneSourceLeaveRoomForAnother() throws Exception {
        try (FairThreads handshakes = FairThreads.forHandshakes()) {
            for (int i = 0; i < 100; i++) {
                handshakes.of("192.0.2.1").execute(this::hang);
            }
            CompletableFuture<String> other = new CompletableFuture<>();
            handshakes.of("192.0.2.2").execute(() -> other.complete("done"));
            assertEquals("done", other.get(10, TimeUnit.SECONDS));
        }
    }

    @Test
    void looksUpForTheClientsOfAConsoleOneAfterTheOther() throws Exception {
        List<Integer> order = new CopyOnWriteArrayList<>();
        CountDownLatch done = new CountDownLatch(100);
        for (int i = 0; i < 100; i++) {
            int number = i;
            lookups.of("web").execute(() -> {
                order.add(number);
                done.countDown();
            });
        }
        assertTrue(done.await(10, TimeUnit.SECONDS));
        assertEquals(order.stream().sorted().toList(), order);
    }

    @Test
    void goesOnAfterALookUpThatFails() throws Exception {
        CompletableFuture<String> next = new CompletableFuture<>();
        lookups.of("web").execute(() -> {
            throw new IllegalStateException("meant to be seen on standard error");
        });
        lookups.of("web").execute(() -> next.complete("answered"));

        assertEquals("answered", next.get(10, TimeUnit.SECONDS));
    }

    @Test
    void refusesWhatWouldWaitForTooLong() {
        for (int i = 0; i <= FairThreads.MAX_WAITING; i++) {
            lookups.of("hung").execute(this::hang);
        }
        assertThrows(RejectedExecutionException.class, () -> lookups.of("hung").execute(this::hang));
    }

    private void hang() {
        try {
            hung.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
