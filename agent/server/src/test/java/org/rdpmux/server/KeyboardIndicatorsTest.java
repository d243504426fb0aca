// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rdpmux.display.LockKeys;
import org.rdpmux.display.Rect;
import org.rdpmux.pdu.input.LockFlags;
import org.rdpmux.pdu.share.SetKeyboardIndicators;
import org.rdpmux.security.access.AuditSink;
import org.rdpmux.security.access.Authorization;
import org.rdpmux.security.access.CredentialStore;
import org.rdpmux.security.access.Gate;
import org.rdpmux.security.access.GuessLimiter;
import org.rdpmux.security.access.SamFile;
import org.rdpmux.security.nla.CredSspServer;
import org.rdpmux.security.nla.ServerNames;
import org.rdpmux.security.tls.CertificateStore;
import org.rdpmux.security.tls.TlsIdentity;
import org.rdpmux.testkit.rdp.ClientOptions;
import org.rdpmux.testkit.rdp.RdpClient;

/** The guest's lock-key LEDs on their way to the clients. */
class KeyboardIndicatorsTest {

    private static final LockKeys CAPS = new LockKeys(false, false, true);
    private static final LockKeys NUM = new LockKeys(false, true, false);

    private static TlsIdentity identity;

    private final List<RdpClient> clients = new ArrayList<>();
    private final PaintedDisplay.Canvas guest = new PaintedDisplay.Canvas(64, 48);
    private RdpServer server;
    private Endpoint endpoint;

    @BeforeAll
    static void makeCertificate(@TempDir Path directory) throws IOException {
        identity = CertificateStore.inDirectory(directory, List.of("localhost"), Instant.now())
                .current();
    }

    @BeforeEach
    void start() throws IOException {
        String secret = ":::878d8014606cda29677a44efa1353fc7:::\n";
        CredentialStore users = SamFile.parse(("typist" + secret + "looker" + secret).getBytes(StandardCharsets.UTF_8));
        Authorization rules = Authorization.parse(List.of("view-only looker *", "control * *"));
        Gate gate = new Gate(new GuessLimiter(GuessLimiter.Limits.DEFAULT), () -> rules, AuditSink.toLog());
        server = new RdpServer(ServerOptions.defaults(() -> identity)
                .withAccess(new ServerOptions.Access(gate, ServerNames.of("rdpmux"), CredSspServer.MIN_VERSION))
                .withThreads(new ServerOptions.Threads(1, 1, 1)));
        Console console = server.openConsole("web", () -> new PaintedDisplay(guest, event -> {}));
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        endpoint = server.listen(console, any, EndpointPolicy.tls(users, "web"));
    }

    @AfterEach
    void stop() throws IOException {
        for (RdpClient client : clients) {
            client.close();
        }
        server.close();
    }

    @Test
    void aClientIsToldWhenItConnectsAndWhenTheyChange() throws IOException {
        guest.locks(CAPS);
        RdpClient client = connect("typist");
        awaitTold(client, CAPS);
        guest.locks(NUM);
        awaitTold(client, CAPS, NUM);
        guest.locks(NUM);
        guest.resize(80, 60);
        client.await("the new size", c -> c.isActive() && c.width() == 80);
        guest.locks(LockKeys.NONE);
        awaitTold(client, CAPS, NUM, LockKeys.NONE);
        assertEquals(List.of(), client.violations(), "nothing while no share is active");
    }

    @Test
    void aGuestWithoutLedsTellsNothing() throws IOException {
        RdpClient client = connect("typist");
        awaitColour(client, 0x123456);
        awaitTold(client);
    }

    @Test
    void whoOnlyLooksOnKeepsTheLocksOfItsOwnKeyboard() throws IOException {
        RdpClient looker = connect("looker");
        RdpClient typist = connect("typist");
        guest.locks(CAPS);
        awaitTold(typist, CAPS);
        awaitColour(looker, 0x00ff00);
        awaitTold(looker);
    }

    private RdpClient connect(String user) throws IOException {
        RdpClient client =
                RdpClient.connect(endpoint.address(), ClientOptions.DEFAULT.withCredentials("", user, "secret"));
        clients.add(client);
        return client.awaitActive();
    }

    private void awaitColour(RdpClient client, int colour) {
        guest.paint(new Rect(0, 0, 64, 48), colour);
        client.await("the picture", c -> c.width() == 64 && c.screen()[0] == colour);
    }

    private static void awaitTold(RdpClient client, LockKeys... locks) {
        List<SetKeyboardIndicators> expected = List.of(locks).stream()
                .map(leds -> new SetKeyboardIndicators(new LockFlags(leds.scroll(), leds.num(), leds.caps(), false)))
                .toList();
        client.await("the LEDs", c -> c.indicators().size() >= expected.size());
        assertEquals(expected, client.indicators());
    }
}
