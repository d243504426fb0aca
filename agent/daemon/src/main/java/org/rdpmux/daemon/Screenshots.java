// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.rdpmux.codec.Png;
import org.rdpmux.daemon.control.Reply;
import org.rdpmux.display.Rect;
import org.rdpmux.server.Console;
import org.rdpmux.server.ConsoleUnavailableException;
import org.rdpmux.server.ScreenPicture;

/**
 * Makes pictures of guests' screens for programs. One thread encodes them, so that they take one processor at most, and few are
 * under way at a time, from the wish to the last byte that the client takes: so much memory is used at most. Thread safe.
 */
final class Screenshots implements AutoCloseable {

    /** Many times what one thread has under way for clients that take what they ask for. */
    static final int AT_ONCE = 8;

    private final Semaphore slots = new Semaphore(AT_ONCE);
    private final ExecutorService encoder =
            Executors.newSingleThreadExecutor(new DefaultThreadFactory("screenshots", true));

    /** Takes a picture. @param area empty for all of the screen @param gone completed if nobody waits for it any more */
    CompletionStage<Reply> take(Console console, Rect area, CompletionStage<Void> gone) {
        if (!slots.tryAcquire()) {
            return CompletableFuture.completedFuture(new Reply.Refused(
                    HttpResponseStatus.SERVICE_UNAVAILABLE, "too many screenshots are taken at once; try again"));
        }
        CompletableFuture<ScreenPicture> picture = console.picture(area);
        gone.thenRun(() -> picture.cancel(false));
        return picture.thenApplyAsync(this::encode, encoder).exceptionally(this::refused);
    }

    private Reply encode(ScreenPicture picture) {
        try (picture) {
            byte[] png = Png.encode(picture.pixels(), picture.width(), picture.height());
            return new Reply.Picture(png, picture.version(), slots::release);
        }
    }

    private Reply refused(Throwable failure) {
        slots.release();
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        if (cause instanceof CancellationException) {
            return new Reply.Refused(HttpResponseStatus.CONFLICT, "nobody waits for the screenshot any more");
        }
        if (cause instanceof OutOfMemoryError) {
            return new Reply.Refused(HttpResponseStatus.SERVICE_UNAVAILABLE, "there is no memory for a screenshot");
        }
        if (cause instanceof ConsoleUnavailableException) {
            return new Reply.Refused(HttpResponseStatus.CONFLICT, cause.getMessage());
        }
        throw new CompletionException(cause); // a defect
    }

    @Override
    public void close() {
        encoder.shutdown();
    }
}
