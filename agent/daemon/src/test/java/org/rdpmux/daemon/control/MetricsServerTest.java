// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rdpmux.daemon.event.AgentEvents;

@Timeout(60)
class MetricsServerTest {

    private EventLoopGroup loop;
    private MetricsServer server;

    @BeforeEach
    void listen() throws Exception {
        loop = new MultiThreadIoEventLoopGroup(
                1, new DefaultThreadFactory("metrics-test", true), EpollIoHandler.newFactory());
        server = MetricsServer.listen(
                loop,
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                new ControlServer.Sources(
                        (request, peer) -> {
                            throw new AssertionError("nothing is asked of the agent: " + request);
                        },
                        new EventLog(new AgentEvents(), loop, Clock.systemUTC()),
                        new SilentMonitor()));
    }

    @AfterEach
    void close() {
        server.close();
        loop.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private String answer(String line, String host) throws Exception {
        InetSocketAddress address = server.address();
        try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
            socket.getOutputStream()
                    .write((line + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static void assertStatus(int status, String answer) {
        assertTrue(answer.startsWith("HTTP/1.1 " + status + " "), answer);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/metrics", "/health/live", "/health/ready"})
    void answersMonitoringSystemsThatAskByTheAddress(String path) throws Exception {
        assertStatus(200, answer("GET " + path, "127.0.0.1:" + server.address().getPort()));
        assertStatus(200, answer("GET " + path, "[::1]:9590"));
        assertStatus(200, answer("GET " + path, "localhost"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /v1/consoles",
                "GET /v1/status",
                "GET /v1/events",
                "GET /v1/openapi.json",
                "POST /v1/reload",
                "DELETE /v1/users/ann",
                "POST /metrics"
            })
    void hasNothingElse(String line) throws Exception {
        String answer = answer(line, "127.0.0.1");
        assertStatus(404, answer);
        assertTrue(answer.contains("here are /metrics, /health/live and /health/ready, and nothing else"), answer);
    }

    /** A page of a web site whose name leads to this address could read the answer. */
    @ParameterizedTest
    @ValueSource(strings = {"evil.example", "evil.example:9590", "rdpmux", "127.0.0.1.evil.example"})
    void isNotAskedByAName(String host) throws Exception {
        assertStatus(421, answer("GET /metrics", host));
    }

    @Test
    void anAddressThatIsTakenIsASentence() {
        String message = assertThrows(
                        IOException.class,
                        () -> MetricsServer.listen(
                                loop, server.address(), new ControlServer.Sources(null, null, new SilentMonitor())))
                .getMessage();
        assertEquals(
                "cannot listen for monitoring systems on 127.0.0.1:"
                        + server.address().getPort(),
                message.split(": ")[0]);
    }
}
