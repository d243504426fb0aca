// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.rdpmux.daemon.consoles.FakeDisplay;
import org.rdpmux.daemon.endpoint.ConsoleId;
import org.rdpmux.daemon.endpoint.DisplayOffer;
import org.rdpmux.daemon.endpoint.EndpointManager;
import org.rdpmux.daemon.endpoint.KnownConsole;
import org.rdpmux.daemon.event.AgentEvent;
import org.rdpmux.daemon.event.AgentEvents;
import org.rdpmux.server.Console;
import org.rdpmux.server.ConsoleStatus;
import org.rdpmux.server.ConsoleStatus.DisplayState;
import org.rdpmux.server.Endpoint;
import org.rdpmux.server.EndpointPolicy;

class AnnouncerTest {

    private static final ConsoleId WEB = new ConsoleId.Named("web");
    private static final ConsoleId LAB = new ConsoleId.Named("lab");

    private final AgentEvents events = new AgentEvents();
    private final EndpointManager endpoints = mock(EndpointManager.class);
    private final Map<ConsoleId, EndpointManager.State> states = new HashMap<>();
    private final Map<ConsoleId, ConsoleStatus> statuses = new HashMap<>();
    private final List<Runnable> timers = new ArrayList<>();
    private final List<Duration> delays = new ArrayList<>();
    private final List<String> lines = new ArrayList<>();
    private final Announcer announcer = new Announcer(
            events,
            endpoints,
            Runnable::run,
            (task, delay) -> {
                timers.add(task);
                delays.add(delay);
            },
            (console, line) -> lines.add(line));

    @BeforeEach
    void start() {
        when(endpoints.state(WEB)).thenAnswer(call -> Optional.ofNullable(states.get(WEB)));
        when(endpoints.state(LAB)).thenAnswer(call -> Optional.ofNullable(states.get(LAB)));
        when(endpoints.states()).thenAnswer(call -> List.copyOf(states.values()));
        announcer.start();
    }

    private static ConsoleStatus status(DisplayState state, int width, String reason) {
        return new ConsoleStatus("web", "fake", width, width, state, reason, 0, ConsoleStatus.Counters.ZERO);
    }

    private void display(ConsoleId id, ConsoleStatus status) {
        statuses.put(id, status);
        events.publish(() -> new AgentEvent.DisplayChanged(id, status));
    }

    private void open(ConsoleId.Named id, int port) {
        Console console = mock(Console.class);
        when(console.status()).thenAnswer(call -> statuses.get(id));
        Endpoint endpoint = mock(Endpoint.class);
        InetSocketAddress address = new InetSocketAddress("127.0.0.1", port);
        when(endpoint.address()).thenReturn(address);
        when(endpoint.policy()).thenReturn(EndpointPolicy.open());
        statuses.putIfAbsent(id, status(DisplayState.CONNECTING, 0, ""));
        KnownConsole known = new KnownConsole(
                id,
                id.name(),
                KnownConsole.Origin.CONFIGURED,
                "",
                OptionalInt.empty(),
                Optional.of(new DisplayOffer("1", "VNC display", () -> FakeDisplay.of(1, 1))),
                "");
        states.put(id, new EndpointManager.State(known, Optional.of(console), Optional.of(endpoint), ""));
        events.publish(() -> new AgentEvent.EndpointOpened(id, address));
    }

    private void close(ConsoleId id) {
        InetSocketAddress address = states.remove(id).endpoint().orElseThrow().address();
        events.publish(() -> new AgentEvent.EndpointClosed(id, address));
    }

    @Test
    void waitsForTheScreensSizeWithoutLookingForIt() {
        open(new ConsoleId.Named("web"), 3901);
        assertEquals(List.of(), lines);
        assertEquals(List.of(Announcer.PATIENCE), delays);
        display(WEB, status(DisplayState.RUNNING, 800, ""));
        assertEquals(
                List.of("web  rdp://127.0.0.1:3901  (800x800, VNC display)      open with: xfreerdp"
                        + " /v:127.0.0.1:3901 /cert:tofu"),
                lines);
        display(WEB, status(DisplayState.RUNNING, 1024, ""));
        timers.forEach(Runnable::run);
        assertEquals(1, lines.size(), "an endpoint is told of once");
        assertEquals(1, delays.size(), "it looked again");
    }

    @Test
    void tellsOfAnEndpointAtOnceWhoseScreenIsKnownOrHasFailed() {
        statuses.put(WEB, status(DisplayState.IDLE, 640, ""));
        open(new ConsoleId.Named("web"), 3901);
        open(new ConsoleId.Named("lab"), 3902);
        display(LAB, status(DisplayState.FAILED, 0, "connection refused"));
        assertEquals(2, lines.size());
        assertTrue(lines.get(1).contains("(VNC display; connection refused)"), lines.get(1));
    }

    @Test
    void tellsOfAnEndpointLateWithoutTheSize() {
        open(new ConsoleId.Named("web"), 3901);
        timers.forEach(Runnable::run);
        assertEquals(1, lines.size());
        assertTrue(lines.get(0).contains("(VNC display)"), lines.get(0));
    }

    @Test
    void isSilentAboutAnEndpointThatHasGoneMeanwhile() {
        open(new ConsoleId.Named("web"), 3901);
        close(WEB);
        display(WEB, status(DisplayState.RUNNING, 800, ""));
        timers.forEach(Runnable::run);
        assertEquals(List.of(), lines);
    }

    @Test
    void anEndpointThatMovesIsToldOfAgain() {
        open(new ConsoleId.Named("web"), 3901);
        display(WEB, status(DisplayState.RUNNING, 800, ""));
        close(WEB);
        open(new ConsoleId.Named("web"), 3902);
        assertEquals(2, lines.size());
        assertTrue(lines.get(1).contains("rdp://127.0.0.1:3902"), lines.get(1));
    }

    @Test
    void looksUpWhatItHasMissed() {
        open(new ConsoleId.Named("web"), 3901);
        announcer.close();
        open(new ConsoleId.Named("lab"), 3902);
        display(WEB, status(DisplayState.RUNNING, 800, ""));
        display(LAB, status(DisplayState.RUNNING, 800, ""));
        assertEquals(List.of(), lines);
        announcer.lost(3);
        assertEquals(2, lines.size());
        announcer.lost(1);
        assertEquals(2, lines.size(), "an endpoint is told of once");
    }
}
