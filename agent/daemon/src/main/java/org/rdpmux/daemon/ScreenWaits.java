// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon;

import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.rdpmux.control.Request;
import org.rdpmux.control.ScreenReport;
import org.rdpmux.daemon.control.Reply;
import org.rdpmux.display.Rect;
import org.rdpmux.server.Console;
import org.rdpmux.server.ConsoleUnavailableException;
import org.rdpmux.server.ScreenState;
import org.rdpmux.server.ScreenWait;

/** Programs that wait for something at guests' screens; so many at a time. Thread safe. */
final class ScreenWaits {

    /** Each has a connection for as long as it waits: with those that watch events, fewer than there may be clients. */
    static final int AT_ONCE = 12;

    static final long MOST_SECONDS = TimeUnit.HOURS.toSeconds(1);

    /** Far beyond the largest screen. */
    private static final int MOST_PIXELS = 1 << 16;

    private final Semaphore slots = new Semaphore(AT_ONCE);

    /**
     * Waits.
     *
     * @param gone completed if nobody waits for the reply any more
     * @throws IllegalArgumentException a sentence, if the request makes no sense
     */
    CompletionStage<Reply> await(Console console, Request.AwaitScreen request, CompletionStage<Void> gone) {
        ScreenWait wait = new ScreenWait(
                area(request.x(), request.y(), request.width(), request.height()),
                within("after", request.after(), Long.MAX_VALUE),
                TimeUnit.MILLISECONDS.toNanos(
                        within("settleMillis", request.settleMillis(), TimeUnit.SECONDS.toMillis(MOST_SECONDS))),
                TimeUnit.SECONDS.toNanos(within("seconds", request.seconds(), MOST_SECONDS)));
        if (!slots.tryAcquire()) {
            return CompletableFuture.completedFuture(new Reply.Refused(
                    HttpResponseStatus.SERVICE_UNAVAILABLE,
                    "too many programs wait for screens already; end one of them"));
        }
        CompletableFuture<ScreenState> state = console.await(wait);
        gone.thenRun(() -> state.cancel(false));
        return state.handle(this::reply);
    }

    private Reply reply(ScreenState state, Throwable failure) {
        slots.release();
        if (failure == null) {
            return new Reply.Ok(new ScreenReport(state.width(), state.height(), state.version(), state.waited()));
        }
        if (failure instanceof ConsoleUnavailableException) {
            return new Reply.Refused(HttpResponseStatus.CONFLICT, failure.getMessage());
        }
        if (failure instanceof CancellationException) {
            return new Reply.Refused(HttpResponseStatus.CONFLICT, "nobody waits any more");
        }
        throw new CompletionException(failure); // a defect
    }

    private static long within(String name, long value, long most) {
        if (value < 0 || value > most) {
            throw new IllegalArgumentException("'" + name + "' is not 0 to " + most);
        }
        return value;
    }

    /**
     * A part of a screen, as requests name it.
     *
     * @return empty for all of it
     * @throws IllegalArgumentException a sentence, if it is none
     */
    static Rect area(long x, long y, long width, long height) {
        if (width == 0 && height == 0 && x == 0 && y == 0) {
            return Rect.EMPTY;
        }
        for (long value : new long[] {x, y, width - 1, height - 1}) {
            if (value < 0 || value >= MOST_PIXELS) {
                throw new IllegalArgumentException(
                        "there is no part of a screen at " + x + "," + y + " of " + width + "x" + height);
            }
        }
        return new Rect((int) x, (int) y, (int) width, (int) height);
    }
}
