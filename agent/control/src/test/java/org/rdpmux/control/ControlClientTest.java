// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ControlClientTest {

    @TempDir
    Path directory;

    @Test
    void asksSeveralTimesOverOneConnection() throws Exception {
        try (ScriptedAgent agent = ScriptedAgent.answering(
                        directory,
                        line -> line.contains("agent-status")
                                ? ControlProtocol.encode(new Reply.Ok(Samples.agent())) + "\n"
                                : ControlProtocol.encode(new Reply.Refused("not today")) + "\n");
                ControlClient client = ControlClient.connect(agent.socket(), Duration.ofSeconds(20))) {
            assertEquals(Samples.agent(), client.ask(new Request.AgentStatus(), AgentReport.class));
            ControlClient.RefusedException refused = assertThrows(
                    ControlClient.RefusedException.class, () -> client.ask(new Request.Reload(), Done.class));
            assertEquals("not today", refused.getMessage());
            assertEquals(Samples.agent(), client.ask(new Request.AgentStatus(), AgentReport.class));
        }
    }

    @Test
    void givesUpOnASilentAgent() throws Exception {
        try (ScriptedAgent agent = ScriptedAgent.answering(directory, line -> "");
                ControlClient client = ControlClient.connect(agent.socket(), Duration.ofMillis(50))) {
            IOException e =
                    assertThrows(IOException.class, () -> client.ask(new Request.AgentStatus(), AgentReport.class));
            assertTrue(e.getMessage().contains("did not answer"), e.getMessage());
        }
    }

    @Test
    void saysThatTheAgentHungUp() throws Exception {
        try (ScriptedAgent agent = ScriptedAgent.answering(directory, line -> null);
                ControlClient client = ControlClient.connect(agent.socket(), Duration.ofSeconds(20))) {
            IOException e =
                    assertThrows(IOException.class, () -> client.ask(new Request.AgentStatus(), AgentReport.class));
            assertTrue(e.getMessage().contains("closed the connection"), e.getMessage());
        }
    }

    @Test
    void refusesAnAnswerItDoesNotUnderstand() throws Exception {
        try (ScriptedAgent agent = ScriptedAgent.answering(directory, line -> "hello\n");
                ControlClient client = ControlClient.connect(agent.socket(), Duration.ofSeconds(20))) {
            IOException e =
                    assertThrows(IOException.class, () -> client.ask(new Request.AgentStatus(), AgentReport.class));
            assertTrue(e.getMessage().contains("not understood"), e.getMessage());
        }
    }

    @Test
    void boundsTheAnswer() throws Exception {
        String endless = "x".repeat(ControlProtocol.MAX_REPLY_BYTES + 1);
        try (ScriptedAgent agent = ScriptedAgent.answering(directory, line -> endless);
                ControlClient client = ControlClient.connect(agent.socket(), Duration.ofSeconds(20))) {
            IOException e =
                    assertThrows(IOException.class, () -> client.ask(new Request.AgentStatus(), AgentReport.class));
            assertTrue(e.getMessage().contains("longer than"), e.getMessage());
        }
    }
}
