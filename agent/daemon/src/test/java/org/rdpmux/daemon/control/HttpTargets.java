// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon.control;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.flow.FlowControlHandler;
import io.netty.util.ReferenceCountUtil;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.rdpmux.control.Done;
import org.rdpmux.daemon.event.AgentEvents;

/** What must hold for any bytes that a client of the control socket sends. */
final class HttpTargets {

    private HttpTargets() {}

    /** Cut in two at a place that they name themselves. */
    static void anyBytes(byte[] bytes) {
        AtomicInteger asked = new AtomicInteger();
        EventLog events = new EventLog(new AgentEvents(), Runnable::run, Clock.systemUTC());
        ApiRequests requests = new ApiRequests(
                new Peer(1, 2, "somebody", false),
                Reach.EVERYTHING,
                new ControlServer.Sources(
                        (request, peer) -> {
                            asked.incrementAndGet();
                            return CompletableFuture.completedFuture(new Reply.Ok(Done.of(request.toString())));
                        },
                        events,
                        new SilentMonitor()));
        HttpConnection connection = new HttpConnection(requests, Duration.ofSeconds(10), Optional.empty());
        EmbeddedChannel channel = new EmbeddedChannel(RequestHead.decoder(), new FlowControlHandler(), connection);
        int cut = bytes.length == 0 ? 0 : (bytes[0] & 0xff) * bytes.length / 256;
        write(channel, bytes, 0, cut);
        write(channel, bytes, cut, bytes.length);
        List<HttpResponse> answers = new ArrayList<>();
        for (Object out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
            if (out instanceof HttpResponse answer) {
                answers.add(answer);
            }
            ReferenceCountUtil.release(out);
        }
        boolean open = channel.isOpen();
        channel.finishAndReleaseAll();
        verify(answers, asked.get(), open);
    }

    private static void write(EmbeddedChannel channel, byte[] bytes, int from, int to) {
        if (channel.isOpen()) {
            channel.writeInbound(Unpooled.copiedBuffer(bytes, from, to - from));
            channel.runPendingTasks();
        }
    }

    private static void verify(List<HttpResponse> answers, int asked, boolean open) {
        assertTrue(answers.size() >= asked, () -> "requests without an answer: " + answers);
        assertTrue(answers.stream().noneMatch(answer -> answer.status().code() == 500), answers::toString);
        int last = answers.size() - 1;
        for (HttpResponse answer : answers) {
            boolean ends = HttpUtil.isTransferEncodingChunked(answer) || !HttpUtil.isKeepAlive(answer);
            assertTrue(!ends || answer == answers.get(last), () -> "goes on after the last answer: " + answers);
        }
        assertTrue(
                open
                        || HttpUtil.isTransferEncodingChunked(answers.get(last))
                        || !HttpUtil.isKeepAlive(answers.get(last)),
                () -> "hangs up without a word: " + answers);
    }
}
