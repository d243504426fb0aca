// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ControlClientTest {

    private static final Duration PATIENT = Duration.ofSeconds(20);

    @TempDir
    Path directory;

    private IOException failure(Duration patience, Function<ScriptedAgent.Asked, String> answers) throws Exception {
        try (ScriptedAgent agent = ScriptedAgent.answering(directory, answers);
                ControlClient client = ControlClient.connect(agent.socket(), patience)) {
            return assertThrows(IOException.class, () -> client.ask(new Request.AgentStatus(), AgentReport.class));
        }
    }

    private static void assertSays(String part, IOException e) {
        assertTrue(e.getMessage().contains(part), e.getMessage());
    }

    @Test
    void asksSeveralTimesOverOneConnection() throws Exception {
        List<String> heads = new ArrayList<>();
        try (ScriptedAgent agent = ScriptedAgent.answering(directory, asked -> {
                    heads.add(asked.head());
                    return ScriptedAgent.answer(
                            asked.request() instanceof Request.AgentStatus
                                    ? Samples.agent()
                                    : Problem.of(409, "Conflict", "not today"));
                });
                ControlClient client = ControlClient.connect(agent.socket(), PATIENT)) {
            assertEquals(Samples.agent(), client.ask(new Request.AgentStatus(), AgentReport.class));
            ControlClient.RefusedException refused = assertThrows(
                    ControlClient.RefusedException.class, () -> client.ask(new Request.Reload(), Done.class));
            assertEquals("not today", refused.getMessage());
            assertEquals(Samples.agent(), client.ask(new Request.AgentStatus(), AgentReport.class));
            assertEquals("GET /v1/status HTTP/1.1\r\nHost: rdpmux\r\n\r\n", heads.get(0));
        }
    }

    @Test
    void readsABodyInChunks() throws Exception {
        String body = ControlApi.toJson(Samples.agent());
        String chunks = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "A\r\n" + body.substring(0, 10) + "\r\n" + Integer.toHexString(body.length() - 10) + "\r\n"
                + body.substring(10) + "\r\n0\r\n\r\n";
        try (ScriptedAgent agent = ScriptedAgent.answering(directory, asked -> chunks);
                ControlClient client = ControlClient.connect(agent.socket(), PATIENT)) {
            for (int i = 0; i < 2; i++) {
                assertEquals(Samples.agent(), client.ask(new Request.AgentStatus(), AgentReport.class));
            }
        }
    }

    @Test
    void takesEventsUntilItHasEnoughOrTheAgentEnds() throws Exception {
        EventReport event = new EventReport(
                "x-7", "2026-01-01T00:00:00Z", "lost", "", "", "", "", 0, "", "", 3, "3 events are lost");
        String data = "id: x-7\nevent: lost\ndata: " + ControlApi.toJson(event) + "\n\n: a comment\n\n";
        String chunk = Integer.toHexString(data.length()) + "\r\n" + data + "\r\n";
        String head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";
        List<String> heads = new ArrayList<>();
        List<EventReport> seen = new ArrayList<>();
        try (ScriptedAgent agent = ScriptedAgent.answering(directory, asked -> {
            heads.add(asked.head());
            return head + chunk + chunk + "0\r\n\r\n";
        })) {
            try (ControlClient client = ControlClient.connect(agent.socket(), PATIENT)) {
                client.watch("x-6", shown -> !seen.add(shown));
            }
            assertEquals(List.of(event), seen);
            assertTrue(heads.get(0).contains("\r\nLast-Event-ID: x-6\r\n"), heads.get(0));
            try (ControlClient client = ControlClient.connect(agent.socket(), PATIENT)) {
                assertSays("ended the stream", assertThrows(IOException.class, () -> client.watch("", seen::add)));
            }
            assertEquals(List.of(event, event, event), seen);
        }
    }

    @Test
    void aStreamThatIsRefusedIsARefusal() throws Exception {
        try (ScriptedAgent agent = ScriptedAgent.answering(
                        directory, asked -> ScriptedAgent.answer(Problem.of(503, "Service Unavailable", "too many")));
                ControlClient client = ControlClient.connect(agent.socket(), PATIENT)) {
            assertEquals(
                    "too many",
                    assertThrows(ControlClient.RefusedException.class, () -> client.watch("", event -> true))
                            .getMessage());
        }
    }

    @Test
    void givesUpOnASilentAgent() throws Exception {
        assertSays("did not answer", failure(Duration.ofMillis(50), asked -> ""));
    }

    @Test
    void saysThatTheAgentHungUp() throws Exception {
        assertSays("closed the connection", failure(PATIENT, asked -> null));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hello\r\n",
                "{\"rdpmux\":1,\"ok\":true}\n",
                "HTTP/1.0 200 OK\r\n",
                "HTTP/1.1 100 Continue\r\n\r\n",
                "HTTP/1.1 200 OK\ncontent-length: 2\n\n{}",
                "HTTP/1.1 200 OK\r\n\r\n{}",
                "HTTP/1.1 200 OK\r\ncontent-length: -2\r\n\r\n{}",
                "HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 2\r\n\r\n{}",
                "HTTP/1.1 200 OK\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n{}",
                "HTTP/1.1 200 OK\r\ntransfer-encoding: gzip\r\n\r\n{}",
                "HTTP/1.1 200 OK\r\nfield\r\n\r\n",
                "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}",
                "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n[]",
                "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 8\r\n\r\n{\"pid\":}",
                "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nffffffff\r\n",
                "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}{}\r\n",
                "HTTP/1.1 500 Internal Server Error\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}"
            })
    void refusesAnAnswerItDoesNotUnderstand(String answer) throws Exception {
        assertSays("not understood", failure(PATIENT, asked -> answer));
    }

    @Test
    void boundsTheAnswer() throws Exception {
        assertSays(
                "longer than",
                failure(
                        PATIENT,
                        asked -> "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: "
                                + (ControlApi.MAX_REPLY_BYTES + 1) + "\r\n\r\n"));
        String chunk = "fffff\r\n" + "x".repeat(0xfffff) + "\r\n";
        assertSays(
                "longer than",
                failure(PATIENT, asked -> "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n" + chunk.repeat(17)));
        assertSays("lines that do not end", failure(PATIENT, asked -> "x".repeat(100_000)));
    }
}
