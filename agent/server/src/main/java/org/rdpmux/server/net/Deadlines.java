// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.net;

import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.rdpmux.server.login.NlaHandler;

/** By when a client has to have said what comes next. Lives on the client's loop. */
final class Deadlines {

    /** A client speaks first, and at once. */
    static final long FIRST_BYTES_SECONDS = 10;

    /** As many times longer than the connection sequence may take, a person may read the question about the certificate. */
    static final int QUESTION_FACTOR = 5;

    /** A client that was told a new size comes back within this. */
    static final long RESIZE_SECONDS = 30;

    /**
     * GNOME Connections, built on FreeRDP 2, looks for what follows the first Font Map PDU only when bytes come after it has
     * dealt with that: what it has read along with it stays unseen while nothing more comes. So nothing is sent for so long.
     */
    static final long PAUSE_MILLIS = 100;

    private final EventExecutor loop;
    private final long sequenceNanos;
    private final Consumer<String> missed;
    private ScheduledFuture<?> firstBytes;
    private ScheduledFuture<?> sequence;
    private ScheduledFuture<?> session;
    private ScheduledFuture<?> pause;
    /** TLS stands, and the client has said nothing yet. */
    private boolean question;

    /**
     * A client has just connected.
     *
     * @param sequenceNanos from here until TLS stands, and again from the client's first bytes in it to the end of the
     *     connection sequence
     * @param missed told what did not come in time
     */
    Deadlines(EventExecutor loop, long sequenceNanos, Consumer<String> missed) {
        this.loop = loop;
        this.sequenceNanos = sequenceNanos;
        this.missed = missed;
        this.firstBytes = expect("its first bytes", TimeUnit.SECONDS.toNanos(FIRST_BYTES_SECONDS));
        this.sequence = expectEnd();
    }

    private ScheduledFuture<?> expectEnd() {
        return expect("the end of the connection sequence", sequenceNanos);
    }

    /** Something has come. */
    void bytesCame() {
        firstBytes = cancel(firstBytes);
        if (question) {
            question = false;
            cancel(sequence);
            sequence = expectEnd();
        }
    }

    /** A user event of the connection's channel: how far TLS and CredSSP have come. */
    void on(Object event) {
        boolean established = event instanceof SslHandshakeCompletionEvent handshake && handshake.isSuccess();
        if (established || event == NlaHandler.Stage.TLS_ESTABLISHED) {
            tlsEstablished();
        } else if (event == NlaHandler.Stage.FIRST_MESSAGE) {
            bytesCame();
        }
    }

    /** TLS stands. What comes next may wait for a person to decide whether to trust the certificate. */
    private void tlsEstablished() {
        question = true;
        cancel(sequence);
        sequence = expect("its first bytes in TLS", QUESTION_FACTOR * sequenceNanos);
    }

    /** The client has come through the connection sequence. */
    void sequenceEnded() {
        sequence = cancel(sequence);
    }

    /** Goes on at once, or so much later if neither the size changes nor the connection ends before. */
    void after(long millis, Runnable then) {
        if (millis == 0) {
            then.run();
        } else {
            pause = loop.schedule(then, millis, TimeUnit.MILLISECONDS);
        }
    }

    /** The client has to go through the end of the connection sequence again. */
    void sizeChanges() {
        pause = cancel(pause);
        cancel(sequence);
        sequence = expect("its change to the guest's new screen size", TimeUnit.SECONDS.toNanos(RESIZE_SECONDS));
    }

    /** The session may last so long; then {@code over} is told. */
    void sessionEnds(Duration left, Runnable over) {
        session = loop.schedule(over, left.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Nothing is expected any more. */
    void stop() {
        session = cancel(session);
        pause = cancel(pause);
        firstBytes = cancel(firstBytes);
        sequence = cancel(sequence);
    }

    private ScheduledFuture<?> expect(String what, long nanos) {
        return loop.schedule(
                () -> missed.accept(what + " did not come within " + TimeUnit.NANOSECONDS.toSeconds(nanos) + " s"),
                nanos,
                TimeUnit.NANOSECONDS);
    }

    private static ScheduledFuture<?> cancel(ScheduledFuture<?> deadline) {
        if (deadline != null) {
            deadline.cancel(false);
        }
        return null;
    }
}
