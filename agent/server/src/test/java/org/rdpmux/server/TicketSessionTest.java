// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rdpmux.pdu.share.SetErrorInfo;
import org.rdpmux.security.access.ConsoleRef;
import org.rdpmux.security.access.Moment;
import org.rdpmux.security.access.Ticket;
import org.rdpmux.security.access.Tickets;
import org.rdpmux.security.tls.CertificateStore;
import org.rdpmux.security.tls.TlsIdentity;
import org.rdpmux.testkit.rdp.ClientOptions;
import org.rdpmux.testkit.rdp.RdpClient;

/** Sessions that begin with a ticket, and how they end. */
class TicketSessionTest {

    private static TlsIdentity identity;

    private final RdpServer server = new RdpServer(ServerOptions.defaults(() -> identity)
            .withThreads(new ServerOptions.Threads(1, 1, 1))
            .withLimits(new ServerOptions.Limits(99, 2, 2, 99, 99, Duration.ofMinutes(1))));

    @BeforeAll
    static void makeCertificate(@TempDir Path directory) throws IOException {
        identity = CertificateStore.inDirectory(directory, List.of("localhost"), Instant.now())
                .current();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void aSessionThatWasLostIsTakenUpWithTheSameTicket() throws IOException {
        Tickets tickets = new Tickets(new SecureRandom());
        Endpoint endpoint = listen(tickets);
        Ticket.Issued issued = issue(tickets);
        for (int i = 0; i < 3; i++) {
            RdpClient client = connect(endpoint, issued);
            assertRefused(endpoint, issued); // nobody else gets in beside it
            client.close(); // says nothing
            awaitNobody(endpoint);
        }
        RdpClient last = connect(endpoint, issued);
        last.leave();
        last.awaitEnd();
        last.close();
        awaitNobody(endpoint);
        assertRefused(endpoint, issued); // who said farewell has ended it
    }

    @Test
    void aSessionEndsWhenItsTimeIsOver() throws IOException {
        Tickets tickets = new Tickets(new SecureRandom(), Optional.of(Duration.ofSeconds(2)));
        Endpoint endpoint = listen(tickets);
        Ticket.Issued issued = issue(tickets);
        try (RdpClient client = connect(endpoint, issued)) {
            client.awaitEnd();
            assertEquals(Optional.of(DisconnectReason.TIME_OVER.errorInfo()), client.errorInfo());
        }
        assertRefused(endpoint, issued);
    }

    /** The server has two places for the viewers of a console. */
    @Test
    void whoMayControlComesInThoughOthersLookOnAndEachIsToldWhatHappened() throws IOException {
        Tickets tickets = new Tickets(new SecureRandom());
        Endpoint endpoint = listen(tickets);
        RdpClient first = connect(endpoint, issue(tickets, true));
        try (RdpClient second = connect(endpoint, issue(tickets, true));
                RdpClient third = begin(endpoint, issue(tickets, true))) {
            third.awaitEnd();
            assertEquals(Optional.of(DisconnectReason.BUSY.errorInfo()), third.errorInfo());
            try (RdpClient controller = connect(endpoint, issue(tickets))) {
                first.awaitEnd();
                assertEquals(Optional.of(DisconnectReason.DISPLACED.errorInfo()), first.errorInfo());
                assertTrue(!controller.hasEnded() && !second.hasEnded());
            }
        }
    }

    private static void awaitNobody(Endpoint endpoint) {
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!endpoint.console().viewers().isEmpty()) {
            assertTrue(System.nanoTime() < deadline, "the viewer is still there");
            Thread.onSpinWait();
        }
    }

    private Endpoint listen(Tickets tickets) throws IOException {
        PaintedDisplay.Canvas guest = new PaintedDisplay.Canvas(64, 48);
        Console console = server.openConsole("web", () -> new PaintedDisplay(guest, event -> {}));
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        return server.listen(console, any, EndpointPolicy.tls(tickets, "1"));
    }

    private static Ticket.Issued issue(Tickets tickets) {
        return issue(tickets, false);
    }

    private static Ticket.Issued issue(Tickets tickets, boolean viewOnly) {
        Ticket.Terms terms =
                new Ticket.Terms(new ConsoleRef("1", "web"), Duration.ofMinutes(1), viewOnly, Optional.empty());
        return tickets.issue(terms, Moment.now(Clock.systemUTC()));
    }

    private static void assertRefused(Endpoint endpoint, Ticket.Issued issued) throws IOException {
        try (RdpClient client = RdpClient.connect(endpoint.address(), options(issued))) {
            client.awaitEnd();
            assertEquals(Optional.of(SetErrorInfo.SERVER_DENIED_CONNECTION), client.errorInfo());
            assertEquals(List.of(), client.violations());
        }
    }

    private static RdpClient connect(Endpoint endpoint, Ticket.Issued issued) throws IOException {
        return begin(endpoint, issued).awaitActive();
    }

    private static RdpClient begin(Endpoint endpoint, Ticket.Issued issued) throws IOException {
        return RdpClient.connect(endpoint.address(), options(issued));
    }

    private static ClientOptions options(Ticket.Issued issued) {
        return ClientOptions.DEFAULT.withCredentials("", issued.ticket().user(), new String(issued.password()));
    }
}
