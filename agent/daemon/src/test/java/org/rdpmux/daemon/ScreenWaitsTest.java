// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rdpmux.control.Request;
import org.rdpmux.control.ScreenReport;
import org.rdpmux.daemon.control.Reply;
import org.rdpmux.display.Rect;
import org.rdpmux.server.Console;
import org.rdpmux.server.ConsoleUnavailableException;
import org.rdpmux.server.ScreenState;
import org.rdpmux.server.ScreenWait;

class ScreenWaitsTest {

    private final List<ScreenWait> asked = new ArrayList<>();
    private final List<CompletableFuture<ScreenState>> states = new ArrayList<>();
    private final CompletableFuture<Void> gone = new CompletableFuture<>();
    private final ScreenWaits waits = new ScreenWaits();
    private final Console console = mock(Console.class);

    ScreenWaitsTest() {
        when(console.await(any())).thenAnswer(call -> {
            asked.add(call.getArgument(0));
            states.add(new CompletableFuture<>());
            return states.get(states.size() - 1);
        });
    }

    private CompletableFuture<Reply> await(long... numbers) {
        return waits.await(
                        console,
                        new Request.AwaitScreen(
                                "web1",
                                numbers[0],
                                numbers[1],
                                numbers[2],
                                numbers[3],
                                numbers[4],
                                numbers[5],
                                numbers[6]),
                        gone)
                .toCompletableFuture();
    }

    @Test
    void tellsWhatTheScreenIs() {
        CompletableFuture<Reply> reply = await(17, 500, 60, 1, 2, 3, 4);
        assertEquals(List.of(new ScreenWait(new Rect(1, 2, 3, 4), 17, 500_000_000L, 60_000_000_000L)), asked);
        states.get(0).complete(new ScreenState(640, 480, 18, true));
        assertEquals(new Reply.Ok(new ScreenReport(640, 480, 18, true)), reply.join());
        reply = await(0, 0, 0, 0, 0, 0, 0);
        assertEquals(new ScreenWait(Rect.EMPTY, 0, 0, 0), asked.get(1));
        states.get(1).completeExceptionally(new ConsoleUnavailableException("the guest is on fire"));
        assertEquals(new Reply.Refused(HttpResponseStatus.CONFLICT, "the guest is on fire"), reply.join());
    }

    @Test
    void onlySoManyWaitAndWhoeverHasGoneMakesRoom() {
        for (int i = 0; i < ScreenWaits.AT_ONCE; i++) {
            await(0, 0, 60, 0, 0, 0, 0);
        }
        Reply.Refused refused = assertInstanceOf(
                Reply.Refused.class, await(0, 0, 60, 0, 0, 0, 0).join());
        assertEquals(HttpResponseStatus.SERVICE_UNAVAILABLE, refused.status());
        gone.complete(null);
        assertTrue(states.stream().allMatch(CompletableFuture::isCancelled));
        await(0, 0, 60, 0, 0, 0, 0);
        assertEquals(ScreenWaits.AT_ONCE + 1, asked.size());
    }

    @ParameterizedTest
    @CsvSource({
        "-1, 0, 0, 0, 0, 0, 0",
        "0, 3600001, 0, 0, 0, 0, 0",
        "0, 0, 3601, 0, 0, 0, 0",
        "0, 0, 0, -1, 0, 1, 1",
        "0, 0, 0, 1, 0, 0, 0",
        "0, 0, 0, 0, 0, 1, 0",
        "0, 0, 0, 0, 0, 65537, 1",
        "0, 0, 0, 0, 9223372036854775807, 1, 1",
        "0, 0, 0, 0, 0, -9223372036854775808, 1"
    })
    void refusesWhatMakesNoSense(long a, long b, long c, long x, long y, long width, long height) {
        assertThrows(IllegalArgumentException.class, () -> await(a, b, c, x, y, width, height));
        assertEquals(List.of(), asked);
    }
}
