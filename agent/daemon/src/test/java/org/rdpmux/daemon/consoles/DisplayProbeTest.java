// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon.consoles;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;

import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.rdpmux.display.GuestDisplay;

class DisplayProbeTest {

    private static final Duration PATIENT = Duration.ofSeconds(30);

    private static String reason(CompletionStage<ScreenSize> probe) {
        return assertThrows(
                        CompletionException.class,
                        () -> probe.toCompletableFuture().join())
                .getCause()
                .getMessage();
    }

    @Test
    void seesTheSizeAndCloses() {
        FakeDisplay display = FakeDisplay.of(720, 400);
        assertEquals(
                new ScreenSize(720, 400),
                DisplayProbe.size(() -> display, Runnable::run, PATIENT)
                        .toCompletableFuture()
                        .join());
        assertTrue(display.isClosed());
    }

    @Test
    void tellsWhyThereIsNoneAndCloses() {
        FakeDisplay display = FakeDisplay.failing("nobody listens");
        assertEquals("nobody listens", reason(DisplayProbe.size(() -> display, Runnable::run, PATIENT)));
        assertTrue(display.isClosed());
    }

    @Test
    void givesUpOnADisplayThatIsSilent() {
        GuestDisplay display = mock(GuestDisplay.class);
        assertEquals(
                "no answer within 50 ms",
                reason(DisplayProbe.size(() -> display, Runnable::run, Duration.ofMillis(50))));
        verify(display).close();
    }
}
