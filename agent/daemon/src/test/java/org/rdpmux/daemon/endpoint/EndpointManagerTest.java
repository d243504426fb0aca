// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon.endpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyString;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.reset;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;
import static org.rdpmux.daemon.endpoint.Consoles.display;
import static org.rdpmux.daemon.endpoint.Consoles.id;
import static org.rdpmux.daemon.endpoint.Consoles.off;
import static org.rdpmux.daemon.endpoint.Consoles.pinned;
import static org.rdpmux.daemon.endpoint.Consoles.running;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.rdpmux.daemon.config.PortRange;
import org.rdpmux.daemon.event.AgentEvent;
import org.rdpmux.daemon.event.AgentEvents;
import org.rdpmux.daemon.event.EventPublisher;
import org.rdpmux.daemon.state.StateDirectory;
import org.rdpmux.server.Console;
import org.rdpmux.server.DisconnectReason;
import org.rdpmux.server.Endpoint;
import org.rdpmux.server.EndpointPolicy;
import org.rdpmux.server.ListenException;
import org.rdpmux.server.RdpServer;

class EndpointManagerTest {

    private Instant now = Instant.parse("2026-11-22T12:00:00Z");
    private final Clock clock = new Clock() {
        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Instant instant() {
            return now;
        }
    };

    @TempDir
    Path directory;

    private final RdpServer server = mock(RdpServer.class);
    private final Map<String, Console> consoles = new HashMap<>();
    /** Ports that are listened on, by us or by others. */
    private final Set<Integer> taken = new HashSet<>();
    /** What the system says to every attempt to listen; null to have it decide by {@link #taken}. */
    private ListenException.Reason refusal;

    private int attempts;
    private StateDirectory state = new StateDirectory(Path.of("/nonexistent"));

    private final List<AgentEvent> heard = new ArrayList<>();
    private final EventPublisher observer;

    EndpointManagerTest() {
        AgentEvents events = new AgentEvents();
        observer = new EventPublisher(events);
        events.subscribe(100, Runnable::run, new AgentEvents.Subscriber() {
            @Override
            public void received(AgentEvent event) {
                heard.add(event);
            }

            @Override
            public void lost(long count) {
                throw new AssertionError(count + " events were lost");
            }
        });
    }

    @BeforeEach
    void serverThatListens() throws IOException {
        when(server.openConsole(anyString(), any(), any())).thenAnswer(call -> {
            Console console = mock(Console.class, call.<String>getArgument(0));
            consoles.put(call.getArgument(0), console);
            return console;
        });
        when(server.listen(any(), any(), any())).thenAnswer(call -> {
            InetSocketAddress address = call.getArgument(1);
            attempts++;
            if (refusal != null) {
                throw new ListenException(refusal, "refused", null);
            }
            Console console = call.getArgument(0);
            if (!taken.add(address.getPort())) {
                throw new ListenException(ListenException.Reason.PORT_IN_USE, address.getPort() + " is in use", null);
            }
            Endpoint endpoint = mock(Endpoint.class);
            when(endpoint.address()).thenReturn(address);
            Runnable release = () -> taken.remove(address.getPort());
            doAnswer(closing -> {
                        release.run();
                        return null;
                    })
                    .when(endpoint)
                    .close();
            doAnswer(closing -> {
                        release.run();
                        return null;
                    })
                    .when(console)
                    .close(any());
            return endpoint;
        });
    }

    /** Of another life of the agent each time. */
    private EndpointManager manager() {
        state.close();
        state = new StateDirectory(directory);
        return new EndpointManager(server, state, listening(3901, 3910), clock, observer);
    }

    private static EndpointManager.Listening listening(int first, int last) {
        return new EndpointManager.Listening(
                InetAddress.getLoopbackAddress(),
                new PortRange(first, last),
                Optional.empty(),
                any -> EndpointPolicy.open());
    }

    private static Map<String, Integer> ports(EndpointManager manager) {
        Map<String, Integer> ports = new HashMap<>();
        manager.states()
                .forEach(state -> state.endpoint()
                        .ifPresent(endpoint -> ports.put(
                                state.known().name(), endpoint.address().getPort())));
        return ports;
    }

    private static String problem(EndpointManager manager, ConsoleId id) {
        return manager.states().stream()
                .filter(state -> state.known().id().equals(id))
                .findAny()
                .orElseThrow()
                .problem();
    }

    @Test
    void opensAndClosesEndpointsAsGuestsComeAndGo() {
        EndpointManager manager = manager();
        manager.serve(List.of(running(1, "web"), running(2, "db")), true);
        assertEquals(Map.of("db", 3901, "web", 3902), ports(manager));
        assertEquals(
                Set.of(
                        new AgentEvent.EndpointOpened(id(2), new InetSocketAddress("127.0.0.1", 3901)),
                        new AgentEvent.EndpointOpened(id(1), new InetSocketAddress("127.0.0.1", 3902))),
                Set.copyOf(heard));

        manager.serve(List.of(running(1, "web"), off(running(2, "db"))), true);
        assertEquals(Map.of("web", 3902), ports(manager));
        verify(consoles.get("db")).close(DisconnectReason.CONSOLE_CLOSED);
        verify(consoles.get("web"), never()).close(any());
    }

    @Test
    void anotherLifeOfTheAgentGivesTheSamePorts() {
        manager().serve(List.of(running(1, "web"), running(2, "db")), true);
        taken.clear();
        EndpointManager next = manager();
        next.serve(List.of(running(3, "a new one"), running(1, "web")), false);
        assertEquals(Map.of("web", 3902, "a new one", 3903), ports(next));
    }

    @Test
    void aRenamedGuestKeepsItsEndpointAndItsViewers() throws IOException {
        EndpointManager manager = manager();
        manager.serve(List.of(running(1, "web")), true);
        manager.serve(List.of(running(1, "web2")), true);
        verify(consoles.get("web")).rename("web2");
        verify(consoles.get("web"), never()).close(any());
        assertEquals(Map.of("web2", 3901), ports(manager));
        verify(server).listen(any(), any(), any());
    }

    @Test
    void aBetterDisplayReplacesTheOldOneBehindTheSameEndpoint() {
        EndpointManager manager = manager();
        KnownConsole vnc = running(1, "web");
        manager.serve(List.of(vnc), true);
        KnownConsole better = new KnownConsole(
                vnc.id(), vnc.name(), vnc.origin(), vnc.state(), vnc.pin(), Optional.of(display("librdpmux:1")), "");
        manager.serve(List.of(better), true);
        verify(consoles.get("web")).setDisplays(better.display().orElseThrow().displays());
        verify(consoles.get("web"), never()).close(any());
        assertEquals(Map.of("web", 3901), ports(manager));
    }

    @Test
    void aNewConsoleGoesRoundPortsThatAnotherProgramHas() {
        taken.add(3901);
        taken.add(3902);
        EndpointManager manager = manager();
        manager.serve(List.of(running(1, "web")), true);
        assertEquals(Map.of("web", 3903), ports(manager));
        assertEquals("", problem(manager, id(1)));
    }

    @Test
    void aPinnedPortThatAnotherProgramHasIsWaitedFor() {
        taken.add(3909);
        EndpointManager manager = manager();
        manager.serve(List.of(pinned(1, "web", 3909)), true);
        assertEquals(Map.of(), ports(manager));
        assertEquals("3909 is in use", problem(manager, id(1)));
        manager.retry();
        assertEquals(Map.of(), ports(manager));

        taken.remove(3909);
        manager.retry();
        assertEquals(Map.of("web", 3909), ports(manager));
        assertEquals("", problem(manager, id(1)));
    }

    @ParameterizedTest
    @EnumSource
    void everyConsoleFindsItsPortAgainAfterTheAgentStartedWhereItCouldNotListen(ListenException.Reason reason) {
        manager().serve(List.of(running(1, "a"), running(2, "b"), running(3, "c")), true);
        assertEquals(3, taken.size());
        taken.clear();
        refusal = reason;
        EndpointManager next = manager();
        next.serve(List.of(running(2, "b"), running(3, "c")), true);
        assertEquals(Map.of(), ports(next));
        refusal = null;
        now = now.plusSeconds(30);
        next.retry();
        assertEquals(Map.of("b", 3902, "c", 3903), ports(next));
    }

    @Test
    void anAddressThatTheHostDoesNotHaveIsTriedOnceForAllConsoles() {
        refusal = ListenException.Reason.NO_SUCH_ADDRESS;
        EndpointManager manager = manager();
        manager.serve(List.of(running(1, "a"), running(2, "b"), running(3, "c")), true);
        assertEquals(1, attempts);
        assertEquals("refused", problem(manager, id(3)));
        manager.retry();
        assertEquals(2, attempts);
    }

    @Test
    void aConsoleWhosePortAnotherProgramTookGetsASecondOneAndKeepsBoth() {
        manager().serve(List.of(running(1, "a"), running(2, "b")), true);
        taken.clear();
        taken.add(3901);
        EndpointManager next = manager();
        next.serve(List.of(running(1, "a"), running(2, "b"), running(3, "c")), true);
        assertEquals(Map.of("a", 3904, "b", 3902, "c", 3903), ports(next));

        taken.remove(3901);
        now = now.plusSeconds(60);
        next.serve(List.of(running(1, "a"), running(4, "d")), true);
        assertEquals(Map.of("a", 3904, "d", 3905), ports(next), "no console moves while it is served");
        next.serve(List.of(off(running(1, "a"))), true);
        next.serve(List.of(running(1, "a"), running(5, "e")), true);
        assertEquals(Map.of("a", 3901, "e", 3906), ports(next));
    }

    @Test
    void aPinWaitsForTheConsoleThatHasThePort() {
        EndpointManager manager = manager();
        manager.serve(List.of(running(1, "web")), true);
        manager.serve(List.of(running(1, "web"), pinned(2, "db", 3901)), true);
        assertEquals(Map.of("web", 3901), ports(manager));
        assertEquals("port 3901 is pinned for it, but 'web' has it; it waits", problem(manager, id(2)));
        manager.serve(List.of(off(running(1, "web")), pinned(2, "db", 3901)), true);
        assertEquals(Map.of(), ports(manager), "who opens web's port is not to find db");
        manager.serve(List.of(pinned(2, "db", 3901)), true);
        assertEquals(Map.of("db", 3901), ports(manager));
    }

    @Test
    void aGuestMadeAnewUnderItsNameFindsItsPort() {
        EndpointManager manager = manager();
        manager.serve(List.of(running(1, "ci"), running(2, "web")), true);
        for (int uuid = 3; uuid < 8; uuid++) {
            manager.serve(List.of(running(2, "web")), true);
            manager.serve(List.of(running(uuid, "ci"), running(2, "web")), true);
            assertEquals(Map.of("ci", 3901, "web", 3902), ports(manager));
        }
        manager.serve(List.of(running(7, "ci"), running(9, "ci")), true);
        assertEquals(
                3902 + 1,
                manager.state(id(9))
                        .orElseThrow()
                        .endpoint()
                        .orElseThrow()
                        .address()
                        .getPort());
    }

    @Test
    void aNewDomainHasNoPortOfAnotherOfItsNameBeforeAllDomainsAreKnown() {
        manager().serve(List.of(running(1, "ci")), true);
        taken.clear();
        EndpointManager next = manager();
        next.serve(List.of(running(2, "ci")), false);
        assertEquals(Map.of(), ports(next));
        next.serve(List.of(running(2, "ci")), true);
        assertEquals(Map.of("ci", 3901), ports(next));
    }

    @Test
    void whenEveryPortIsTakenItSaysSoAndRecovers() {
        for (int port = 3901; port <= 3910; port++) {
            taken.add(port);
        }
        EndpointManager manager = manager();
        manager.serve(List.of(running(1, "web")), true);
        assertEquals(Map.of(), ports(manager));
        assertTrue(problem(manager, id(1)).contains("no port is left"), problem(manager, id(1)));
        taken.remove(3907);
        manager.retry();
        assertEquals(Map.of(), ports(manager), "ports are tried again too soon");
        now = now.plusSeconds(30);
        manager.retry();
        assertEquals(Map.of("web", 3907), ports(manager));
        assertEquals("", problem(manager, id(1)));
    }

    @Test
    void anotherAddressOrRangeMovesEndpointsAndNotViewers() throws Exception {
        EndpointManager manager = manager();
        manager.serve(List.of(running(1, "web")), true);
        manager.listenAt(listening(5000, 5001));
        manager.serve(List.of(running(1, "web")), true);
        assertEquals(Map.of("web", 5000), ports(manager));
        assertEquals(Set.of(5000), taken);
        verify(consoles.get("web"), never()).close(any());
    }

    @Test
    void aServerThatCannotListenForAnotherReasonIsNotAskedInALoop() throws Exception {
        reset(server);
        when(server.openConsole(anyString(), any(), any())).thenReturn(mock(Console.class));
        when(server.listen(any(), any(), any())).thenThrow(new IOException("too many open files"));
        EndpointManager manager = manager();
        manager.serve(List.of(running(1, "web")), true);
        verify(server).listen(any(), any(), any());
        assertEquals("too many open files", problem(manager, id(1)));
    }

    @Test
    void withoutAWritableStateDirectoryPortsAreKeptInMemory() throws Exception {
        Path file = Files.createFile(directory.resolve("file"));
        StateDirectory unwritable = new StateDirectory(file.resolve("state"));
        EndpointManager manager = new EndpointManager(server, unwritable, listening(3901, 3910), clock, observer);
        manager.serve(List.of(running(1, "web"), running(2, "db")), true);
        manager.serve(List.of(off(running(1, "web")), running(2, "db")), true);
        manager.serve(List.of(running(1, "web"), running(2, "db")), true);
        assertEquals(Map.of("db", 3901, "web", 3902), ports(manager));
        assertFalse(unwritable.problems().isEmpty());
    }
}
