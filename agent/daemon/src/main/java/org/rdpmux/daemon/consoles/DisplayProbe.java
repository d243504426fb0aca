// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon.consoles;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.rdpmux.display.Framebuffer;
import org.rdpmux.display.GuestDisplay;
import org.rdpmux.display.PointerShape;
import org.rdpmux.display.Rect;

/** Looks once at a display: how large is its screen, and can it be had at all? */
public final class DisplayProbe {

    private DisplayProbe() {}

    /**
     * Opens the display and closes it again.
     *
     * @param executor on which the display is used
     * @param deadline after which it is given up
     * @return the size of its screen, or an {@link IOException} with a sentence; completed on {@code executor}
     */
    public static CompletionStage<ScreenSize> size(
            Supplier<GuestDisplay> displays, Executor executor, Duration deadline) {
        CompletableFuture<ScreenSize> seen = new CompletableFuture<>();
        GuestDisplay display = displays.get();
        CompletionStage<ScreenSize> closed = seen.orTimeout(deadline.toMillis(), TimeUnit.MILLISECONDS)
                .handleAsync(
                        (size, error) -> {
                            display.close();
                            if (size != null) {
                                return size;
                            }
                            String reason = error instanceof IOException
                                    ? error.getMessage()
                                    : "no answer within " + deadline.toMillis() + " ms";
                            throw new CompletionException(new IOException(reason, error));
                        },
                        executor);
        display.start(new FirstLook(seen));
        return closed;
    }

    /** Hears the first thing a display has to say. */
    private record FirstLook(CompletableFuture<ScreenSize> seen) implements GuestDisplay.Listener {

        @Override
        public void resized(Framebuffer framebuffer) {
            seen.complete(new ScreenSize(framebuffer.width(), framebuffer.height()));
        }

        @Override
        public void failed(String reason) {
            seen.completeExceptionally(new IOException(reason));
        }

        @Override
        public void damaged(Rect area) {}

        @Override
        public void pointer(PointerShape shape) {}
    }
}
