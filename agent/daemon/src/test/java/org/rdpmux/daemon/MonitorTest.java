// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.Mockito.when;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.rdpmux.control.AgentReport;
import org.rdpmux.control.Json;
import org.rdpmux.control.Request;
import org.rdpmux.daemon.control.RawClient;
import org.rdpmux.libvirt.CallStatistics;
import org.rdpmux.libvirt.ConnectionFailure;
import org.rdpmux.libvirt.DomainEvent;

/** What monitoring systems are told. */
class MonitorTest extends AgentFixture {

    private RawClient.Answer get(String path) throws IOException {
        try (RawClient client = new RawClient(directory.resolve("run/control-ro.sock"))) {
            client.say("GET " + path + " HTTP/1.1\r\nHost: rdpmux\r\n\r\n");
            return client.hear();
        }
    }

    private List<String> metrics() throws IOException {
        RawClient.Answer answer = get("/metrics");
        assertEquals(200, answer.status(), answer.body());
        return answer.body().lines().toList();
    }

    private String unhealthy(String path) throws IOException {
        RawClient.Answer answer = get(path);
        assertEquals(503, answer.status(), answer.body());
        assertEquals("application/problem+json", answer.fields().get("content-type"));
        return (String) ((Map<?, ?>) Json.parse(answer.body())).get("detail");
    }

    @Test
    void aConsolesSeriesCarryItsNameAndEndWithIt() throws Exception {
        start();
        tell(new DomainEvent.Listed(), started(DEMO, "web \"1\"", 1), started(OTHER, "db", 1));
        List<String> both = metrics();
        assertTrue(
                both.contains("rdpmux_console_viewers{console=\"web \\\"1\\\"\",state=\"active\"} 0.0"),
                both::toString);
        assertTrue(both.contains("rdpmux_console_frames_sent_total{console=\"db\"} 0.0"), both::toString);
        assertTrue(
                both.contains("rdpmux_console_frame_delay_seconds_bucket{console=\"db\",le=\"+Inf\"} 0"),
                both::toString);
        assertTrue(both.contains("rdpmux_endpoints 2.0"), both::toString);
        assertTrue(both.stream().anyMatch(line -> line.startsWith("process_cpu_seconds_total ")), both::toString);
        assertTrue(
                both.stream().anyMatch(line -> line.startsWith("jvm_memory_used_bytes{area=\"heap\"} ")),
                both::toString);
        tell(stopped(OTHER, "db", 1));
        assertFalse(String.join("\n", metrics()).contains("\"db\""));
    }

    /** Prometheus refuses a whole scrape for one series that is there twice. */
    @Test
    void noSeriesIsThereTwiceWhateverGuestsAreCalled() throws Exception {
        start();
        tell(
                new DomainEvent.Listed(),
                started(DEMO, "web1", 1),
                started(OTHER, "web1", 1),
                started(new UUID(1, 3), "domain:" + DEMO, 1));
        Set<String> series = new HashSet<>();
        List<String> lines = metrics();
        for (String line : lines) {
            assertTrue(line.startsWith("#") || series.add(line.replaceFirst(" [^ ]*$", "")), line);
        }
        assertEquals(
                3,
                lines.stream()
                        .filter(line -> line.contains("_frames_sent_total{"))
                        .count());
    }

    @Test
    void tellsWhatBecameOfCallsToLibvirt() throws Exception {
        when(watcher.calls()).thenReturn(new CallStatistics(7, 2, 1, 1_500_000_000));
        start();
        List<String> lines = metrics();
        for (String line : List.of(
                "rdpmux_libvirt_calls_total{result=\"ok\"} 7.0",
                "rdpmux_libvirt_calls_total{result=\"timed-out\"} 1.0",
                "rdpmux_libvirt_call_seconds_total 1.5",
                "rdpmux_libvirt_connected 1.0")) {
            assertTrue(lines.contains(line), lines::toString);
        }
    }

    @Test
    void anAgentThatIsWellIsLiveAndReady() throws Exception {
        start();
        tell(new DomainEvent.Listed(), started(DEMO, "web1", 1));
        assertEquals(200, get("/health/live").status());
        assertEquals(
                "{\"healthy\":[\"libvirt\",\"the endpoints\",\"the state directory\"]}",
                get("/health/ready").body());
    }

    @Test
    void anAgentWhoseWatcherHangsIsNotLive() throws Exception {
        when(watcher.answer()).thenReturn(new CompletableFuture<>());
        start();
        String detail = unhealthy("/health/live");
        assertTrue(detail.startsWith("no answer within 5 s from the watcher of libvirt: 'kill -QUIT "), detail);
    }

    @Test
    void anAgentWithoutLibvirtOrStateDirectoryIsNotReady() throws Exception {
        start();
        Path state = directory.resolve("state");
        Files.move(state, directory.resolve("elsewhere"));
        when(watcher.failure())
                .thenReturn(Optional.of(new ConnectionFailure(ConnectionFailure.Kind.ABSENT, "there is no socket")));
        String detail = unhealthy("/health/ready");
        assertTrue(detail.contains("libvirt: there is no socket ('rdpmuxctl doctor' says what to do)"), detail);
        assertTrue(detail.contains("the state directory " + state + " is not there"), detail);
        Files.move(directory.resolve("elsewhere"), state);
    }

    @Test
    void anAddressForMetricsThatIsTakenKeepsNoConsoleFromBeingServed() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            configureWith("metrics.listen = 127.0.0.1:" + taken.getLocalPort() + "\n");
            start();
            tell(new DomainEvent.Listed(), started(DEMO, "web1", 1));
            AgentReport report = ask(new Request.AgentStatus(), AgentReport.class);
            assertEquals(1, report.endpoints());
            assertTrue(
                    report.warnings().stream()
                            .anyMatch(warning -> warning.startsWith("cannot listen for monitoring systems on ")
                                    && warning.endsWith("; choose another metrics.listen")),
                    report::toString);
        }
    }

    @Test
    void anAgentThatCannotListenForAnyConsoleIsNotReady() throws Exception {
        configureWith("listen.address = 192.0.2.77\n");
        start();
        tell(new DomainEvent.Listed(), started(DEMO, "web1", 1));
        String detail = unhealthy("/health/ready");
        assertTrue(detail.startsWith("no console can be connected to; web1: "), detail);
        assertTrue(metrics().contains("rdpmux_consoles_unreachable 1.0"));
        tell(stopped(DEMO, "web1", 1));
        assertEquals(200, get("/health/ready").status());
    }
}
