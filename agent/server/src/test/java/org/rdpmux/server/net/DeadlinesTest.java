// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.net;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.rdpmux.server.login.NlaHandler;

class DeadlinesTest {

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final List<String> missed = new ArrayList<>();
    private Deadlines deadlines;

    @BeforeEach
    void start() {
        channel.freezeTime();
        deadlines = new Deadlines(channel.eventLoop(), TimeUnit.SECONDS.toNanos(60), missed::add);
    }

    @Test
    void aClientSpeaksAtOnce() {
        pass(9);
        assertEquals(List.of(), missed);
        pass(1);
        assertEquals(List.of("its first bytes did not come within 10 s"), missed);
    }

    @Test
    void aPersonMayReadTheCertificateForMinutes() {
        deadlines.bytesCame();
        pass(20);
        deadlines.on(NlaHandler.Stage.TLS_ESTABLISHED);
        pass(299);
        deadlines.on(NlaHandler.Stage.FIRST_MESSAGE);
        pass(59);
        deadlines.sequenceEnded();
        pass(1000);
        assertEquals(List.of(), missed);
    }

    @Test
    void aSilentClientInTlsEnds() {
        deadlines.bytesCame();
        deadlines.on(SslHandshakeCompletionEvent.SUCCESS);
        pass(300);
        assertEquals(List.of("its first bytes in TLS did not come within 300 s"), missed);
    }

    @Test
    void aClientThatStopsInTheMiddleEnds() {
        deadlines.bytesCame();
        pass(50);
        deadlines.on(SslHandshakeCompletionEvent.SUCCESS);
        deadlines.bytesCame();
        pass(40);
        deadlines.bytesCame(); // more bytes are no more time
        pass(20);
        assertEquals(List.of("the end of the connection sequence did not come within 60 s"), missed);
    }

    @Test
    void whatComesAfterAPauseIsLeftOutIfTheSizeChangesOrTheConnectionEndsBefore() {
        List<String> done = new ArrayList<>();
        deadlines.after(0, () -> done.add("at once"));
        assertEquals(List.of("at once"), done);
        deadlines.after(Deadlines.PAUSE_MILLIS, () -> done.add("later"));
        assertEquals(List.of("at once"), done);
        pass(1);
        assertEquals(List.of("at once", "later"), done);
        deadlines.after(Deadlines.PAUSE_MILLIS, () -> done.add("before another size"));
        deadlines.sizeChanges();
        deadlines.after(Deadlines.PAUSE_MILLIS, () -> done.add("before the end"));
        deadlines.stop();
        pass(1);
        assertEquals(List.of("at once", "later"), done);
    }

    private void pass(long seconds) {
        channel.advanceTimeBy(seconds, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
    }
}
