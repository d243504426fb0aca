// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.rdpmux.control.ConsoleReport;
import org.rdpmux.control.Done;
import org.rdpmux.control.Request;
import org.rdpmux.control.Secret;
import org.rdpmux.daemon.endpoint.ConsoleId;
import org.rdpmux.daemon.event.AgentEvent;
import org.rdpmux.daemon.event.AgentEvents;
import org.rdpmux.libvirt.ConnectionFailure;
import org.rdpmux.libvirt.DomainEvent;
import org.rdpmux.security.access.AuditEvent;
import org.rdpmux.server.ConsoleStatus;

/** What whoever subscribes to the agent's events hears. */
@Timeout(120)
class AgentEventStreamTest extends AgentFixture {

    private static final ConsoleId ID = new ConsoleId.OfDomain(DEMO);

    private final List<AgentEvent> heard = new CopyOnWriteArrayList<>();

    private void subscribe() throws Exception {
        start();
        agent.events().subscribe(1000, Runnable::run, new AgentEvents.Subscriber() {
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

    /** What was heard but for displays, whose threads are their own. */
    private List<AgentEvent> heardOfTheAgent() {
        List<AgentEvent> events = heard.stream()
                .filter(event -> !(event instanceof AgentEvent.DisplayChanged))
                .toList();
        heard.removeAll(events);
        return events;
    }

    @Test
    void tellsOfConsolesAndTheirEndpoints() throws Exception {
        subscribe();
        tell(new DomainEvent.Listed(), started(DEMO, "demo", 1));
        InetSocketAddress address =
                new InetSocketAddress("127.0.0.1", console("demo").port());
        assertEquals(
                List.of(
                        new AgentEvent.LibvirtConnected("qemu:///system"),
                        new AgentEvent.ConsoleAppeared(ID, "demo", "running"),
                        new AgentEvent.EndpointOpened(ID, address)),
                heardOfTheAgent());
        await(
                "the size of the screen was told",
                () -> heard.stream()
                        .anyMatch(event -> event instanceof AgentEvent.DisplayChanged changed
                                && changed.status().width() == 720
                                && changed.status().state() == ConsoleStatus.DisplayState.IDLE));
        tell(stopped(DEMO, "demo", 1));
        assertEquals(
                List.of(
                        new AgentEvent.ConsoleChanged(ID, "demo", "shut off"),
                        new AgentEvent.EndpointClosed(ID, address)),
                heardOfTheAgent());
        tell(new DomainEvent.Undefined(domain(DEMO, "demo", false, 1)));
        assertEquals(List.of(new AgentEvent.ConsoleGone(ID, "demo")), heardOfTheAgent());
    }

    @Test
    void tellsOnceWhyAConsoleHasNoEndpoint() throws Exception {
        configureWith("console.a = vnc://h:1\n");
        subscribe();
        int port = console("a").port();
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Request attach = new Request.Attach("b", "vnc://h:1", taken.getLocalPort(), "", "");
            ask(attach, ConsoleReport.class);
            list();
            assertEquals(
                    List.of(
                            new AgentEvent.ConsoleAppeared(new ConsoleId.Named("b"), "b", ""),
                            new AgentEvent.EndpointFailed(
                                    new ConsoleId.Named("b"),
                                    "cannot listen on 127.0.0.1:" + taken.getLocalPort()
                                            + ": the port is in use (EADDRINUSE); 'ss -ltnp' shows who listens there")),
                    heardOfTheAgent());
        }
        assertEquals(port, console("a").port());
    }

    @Test
    void tellsOfReloadsOfLibvirtAndOfWhoIsLetIn() throws Exception {
        subscribe();
        ask(new Request.Reload(), Done.class);
        configureWith("log.level = loud\n");
        refusal(new Request.Reload());
        ConnectionFailure failure = new ConnectionFailure(ConnectionFailure.Kind.LOST, "libvirt is gone");
        tell(new DomainEvent.Disconnected(failure));
        ask(new Request.AddUser("ann", Secret.of("x".toCharArray()), false), Done.class);
        List<AgentEvent> events = heardOfTheAgent();
        assertEquals(
                new AgentEvent.ConfigurationReloaded(List.of("the configuration was read again from " + configuration)),
                events.get(0));
        assertTrue(events.get(1) instanceof AgentEvent.ConfigurationRefused, events::toString);
        assertEquals(new AgentEvent.LibvirtDisconnected("qemu:///system", "libvirt is gone"), events.get(2));
        assertTrue(
                events.get(3) instanceof AgentEvent.AccessDecided decided
                        && decided.decision().action() == AuditEvent.Action.USER_CHANGED,
                events::toString);
    }

    @Test
    void tellsOfProblemsAndOfTheirEnd() throws Exception {
        subscribe();
        Files.writeString(directory.resolve("state/users"), "damaged");
        await("the problem was told", () -> heard.stream().anyMatch(AgentEvent.ProblemFound.class::isInstance));
        Files.delete(directory.resolve("state/users"));
        await("its end was told", () -> heard.stream().anyMatch(AgentEvent.ProblemSolved.class::isInstance));
    }
}
