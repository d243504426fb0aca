// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.handler.codec.http.HttpResponseStatus;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.rdpmux.daemon.control.Reply;
import org.rdpmux.daemon.metrics.AgentMetrics;
import org.rdpmux.daemon.metrics.LoginCounts;

/** Scrapes of an agent whose thread has no time for them. */
@Timeout(60)
class AgentMonitorTest {

    private final AgentThread thread = new AgentThread();
    private final CompletableFuture<Void> goOn = new CompletableFuture<>();
    private final AgentMonitor monitor = new AgentMonitor(
            thread, new AgentMonitor.Parts(null, null, null, null), List::of, new AgentMetrics("1", new LoginCounts()));

    @AfterEach
    void end() throws InterruptedException {
        goOn.complete(null);
        assertTrue(thread.end(Duration.ofSeconds(30)));
    }

    @Test
    void scrapesAtOnceAreOneAndAreToldThatTheThreadDoesNotAnswer() throws Exception {
        thread.post(goOn::join);
        CompletionStage<Reply> first = monitor.metrics();
        assertSame(first, monitor.metrics());
        Reply reply = first.toCompletableFuture().get(30, TimeUnit.SECONDS);
        Reply.Refused refused = assertInstanceOf(Reply.Refused.class, reply);
        assertEquals(HttpResponseStatus.SERVICE_UNAVAILABLE, refused.status());
        assertTrue(refused.reason().startsWith("no answer within 5 s from the agent thread: "), refused.reason());
        assertNotSame(first, monitor.metrics());
    }
}
