// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.rdpmux.pdu.PreconnectionPdu;
import org.rdpmux.security.access.Authentication;
import org.rdpmux.security.access.CredentialStore;
import org.rdpmux.testkit.rdp.ClientOptions;
import org.rdpmux.testkit.rdp.RdpClient;

/** How clients come and go, and what a server tells of its consoles. */
class RdpServerTest extends RdpServerFixture {

    @Test
    void aClientThatNamesAConsoleFirstSeesTheGuest() throws IOException {
        awaitPicture(connect(ClientOptions.DEFAULT.withPreconnection(new PreconnectionPdu(2, 7, "web1"))), 32);
    }

    @Test
    void aClientThatAsksToLeaveIsAnswered() throws IOException {
        RdpClient client = connect();
        client.requestShutdown();
        client.await("an answer", c -> c.shutdownsDenied() == 1);
    }

    @ParameterizedTest
    @EnumSource(value = DisconnectReason.class, mode = EnumSource.Mode.EXCLUDE, names = "SERVER_STOPPED")
    void aClientIsToldWhyItIsSentAway(DisconnectReason reason) throws IOException {
        RdpClient client = connect();
        awaitPicture(client, 32);
        console.disconnect(console.viewers().get(0).id(), reason);
        client.awaitEnd();
        assertEquals(Optional.of(reason.errorInfo()), client.errorInfo());
        assertTrue(client.ultimatum().isPresent());
        assertEquals(List.of(), client.violations());
    }

    @Test
    void aClientThatGoesOnSendingReadsTheFarewell() throws IOException {
        RdpClient client = connect();
        awaitPicture(client, 32);
        client.pause();
        console.disconnect(console.viewers().get(0).id(), DisconnectReason.ADMINISTRATOR);
        for (int i = 0; i < 300; i++) {
            client.type(0x1e, false);
        }
        client.resume();
        client.awaitEnd();
        assertEquals(Optional.of(DisconnectReason.ADMINISTRATOR.errorInfo()), client.errorInfo());
        assertTrue(client.ultimatum().isPresent());
        assertEquals(List.of(), client.violations());
    }

    @Test
    void aClosedConsoleFreesItsAddress() throws IOException {
        RdpClient client = connect();
        InetSocketAddress address = endpoint.address();
        console.close(DisconnectReason.CONSOLE_CLOSED);
        client.awaitEnd();
        endpoint.close();
        Console next = server.openConsole("web2", () -> new PaintedDisplay(guest, input::add));
        try (Endpoint same = server.listen(next, address, EndpointPolicy.open())) {
            assertEquals(address, same.address());
        }
        assertThrows(IllegalStateException.class, () -> server.listen(console, ANY, EndpointPolicy.open()));
    }

    @Test
    void aClosedEndpointLetsItsClientsStay() throws IOException {
        RdpClient client = connect();
        awaitPicture(client, 32);
        endpoint.close();
        assertThrows(IOException.class, this::connect);
        noise(3);
        awaitPicture(client, 32);
    }

    private ListenException refusal(InetSocketAddress address) {
        EndpointPolicy anywhere = new EndpointPolicy(Authentication.NONE, CredentialStore.all(List.of()), "", true);
        return assertThrows(ListenException.class, () -> server.listen(console, address, anywhere));
    }

    @Test
    void tellsAPortInUseFromAnAddressThatTheHostDoesNotHave() {
        ListenException taken = refusal(endpoint.address());
        assertEquals(ListenException.Reason.PORT_IN_USE, taken.reason());
        assertEquals(
                "cannot listen on 127.0.0.1:" + endpoint.address().getPort()
                        + ": the port is in use (EADDRINUSE); 'ss -ltnp' shows who listens there",
                taken.getMessage());
        ListenException missing = refusal(new InetSocketAddress("192.0.2.77", 3901));
        assertEquals(ListenException.Reason.NO_SUCH_ADDRESS, missing.reason());
        assertEquals(
                "cannot listen on 192.0.2.77: that is not an address of this host at present (EADDRNOTAVAIL)",
                missing.getMessage());
    }

    @Test
    void consolesWithoutAuthenticationAreForThisMachineAlone() {
        InetSocketAddress everywhere = new InetSocketAddress("0.0.0.0", 0);
        assertThrows(IllegalArgumentException.class, () -> server.listen(console, everywhere, EndpointPolicy.open()));
    }

    @Test
    void aStoppedServerEndsConnectionsAsAFailingNetworkDoes() throws IOException {
        RdpClient client = connect();
        awaitPicture(client, 32);
        server.close();
        client.awaitEnd();
        assertEquals(Optional.empty(), client.errorInfo());
        assertEquals(Optional.empty(), client.ultimatum());
        assertThrows(IllegalStateException.class, () -> server.openConsole("x", () -> null));
    }

    private static long sum(List<Long> counts) {
        return counts.stream().mapToLong(count -> count).sum();
    }

    @Test
    void statusTellsWhatIsThere() throws IOException {
        RdpClient client = connect();
        awaitPicture(client, 32);
        console.rename("web9");
        ConsoleStatus status = console.status();
        assertEquals("web9", status.name());
        assertEquals("painted", status.displayKind());
        assertEquals(301, status.width());
        assertEquals(203, status.height());
        assertEquals(ConsoleStatus.DisplayState.RUNNING, status.state());
        assertEquals(1, status.viewers());
        assertTrue(status.counters().tilesEncoded() >= 20, status.toString());
        ViewerStatus viewer = console.viewers().get(0);
        assertEquals("tester", viewer.user());
        assertEquals(32, viewer.bitsPerPixel());
        assertTrue(viewer.bytesSent() > 0, viewer.toString());
        assertFalse(viewer.clientName().isEmpty());
        await("the first frames to be in the socket", () -> sum(console.output().delays()) > 0);
        OutputStatus output = console.output();
        assertTrue(output.bytes() >= viewer.bytesSent(), output::toString);
        assertTrue(output.frames() >= viewer.framesSent(), output::toString);
        assertTrue(sum(List.copyOf(output.codecBytes().values())) > 0, output::toString);
        client.close();
        await("the viewer to have left", () -> console.viewers().isEmpty());
        assertTrue(console.output().bytes() >= output.bytes(), "what was sent to those who left counts");
        await("the display to be closed", () -> console.status().state() == ConsoleStatus.DisplayState.IDLE);
    }
}
