// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.rdpmux.pdu.x224.ConnectionRequest;
import org.rdpmux.pdu.x224.NegotiationRequest;
import org.rdpmux.pdu.x224.Protocols;
import org.rdpmux.security.access.ConsoleRef;
import org.rdpmux.security.access.Moment;
import org.rdpmux.security.access.Ticket;
import org.rdpmux.security.access.Tickets;
import org.rdpmux.security.tls.CertificateStore;
import org.rdpmux.security.tls.TlsIdentity;
import org.rdpmux.testkit.rdp.ClientOptions;
import org.rdpmux.testkit.rdp.RdpClient;
import org.rdpmux.testkit.rdp.RdpWire;

/** Two addresses hold all places for clients that have not logged in, and go on connecting. */
class SilentClientsTest {

    private static final int PLACES = 40;
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private static TlsIdentity identity;

    private final List<RdpWire> silent = new ArrayList<>();
    private final Tickets tickets = new Tickets(new SecureRandom());
    private RdpServer server;
    private InetSocketAddress nla;
    private InetSocketAddress tls;

    /** How far a connection comes before it says no more. */
    private enum Stage {
        NO_BYTE,
        HALF_A_REQUEST,
        REQUEST,
        TLS
    }

    @BeforeAll
    static void makeCertificate(@TempDir Path directory) throws IOException {
        identity = CertificateStore.inDirectory(directory, List.of("localhost"), Instant.now())
                .current();
    }

    @BeforeEach
    void start() throws IOException {
        server = new RdpServer(ServerOptions.defaults(() -> identity)
                .withThreads(new ServerOptions.Threads(1, 1, 1))
                .withLimits(new ServerOptions.Limits(999, 99, 99, 999, PLACES, Duration.ofHours(1))));
        PaintedDisplay.Canvas guest = new PaintedDisplay.Canvas(64, 48);
        Console console = server.openConsole("web", () -> new PaintedDisplay(guest, event -> {}));
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        nla = server.listen(console, any, EndpointPolicy.nla(tickets, "1")).address();
        tls = server.listen(console, any, EndpointPolicy.tls(tickets, "1")).address();
    }

    @AfterEach
    void stop() throws IOException {
        for (RdpWire each : silent) {
            each.close();
        }
        server.close();
    }

    /** INVARIANT: whatever two addresses do before a log-in, others log in. */
    @ParameterizedTest
    @EnumSource
    void keepNobodyElseOut(Stage stage) throws IOException {
        for (int i = 0; i < PLACES; i++) {
            connectSilently(i, stage);
        }
        for (int i = 0; i < 24; i++) {
            connectSilently(i, stage);
            assertLogsIn("127.0." + (i + 1) + ".1");
        }
    }

    private void connectSilently(int i, Stage stage) throws IOException {
        RdpWire wire = RdpWire.connect(from("127.0.0." + (2 + i % 2)), nla, TIMEOUT);
        silent.add(wire);
        ConnectionRequest request = new ConnectionRequest("", Optional.of(NegotiationRequest.of(Protocols.HYBRID)));
        switch (stage) {
            case NO_BYTE -> {}
            case HALF_A_REQUEST -> wire.send(new byte[] {3, 0, 0});
            case REQUEST -> wire.send(request);
            default -> {
                wire.send(request);
                wire.readFrame();
                wire.startTls();
            }
        }
    }

    private void assertLogsIn(String address) throws IOException {
        Ticket.Terms terms =
                new Ticket.Terms(new ConsoleRef("1", "web"), Duration.ofMinutes(1), false, Optional.empty());
        Ticket.Issued issued = tickets.issue(terms, Moment.now(Clock.systemUTC()));
        ClientOptions options =
                ClientOptions.DEFAULT.withCredentials("", issued.ticket().user(), new String(issued.password()));
        try (RdpClient client = RdpClient.connect(from(address), tls, options)) {
            client.awaitActive();
            assertEquals(List.of(), client.violations());
        }
    }

    private static InetSocketAddress from(String address) {
        return new InetSocketAddress(address, 0);
    }
}
