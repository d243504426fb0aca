// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rdpmux.pdu.PreconnectionPdu;
import org.rdpmux.pdu.gcc.ClientBlocks;
import org.rdpmux.pdu.gcc.ClientCoreData;
import org.rdpmux.pdu.gcc.ClientCoreData.Tail;
import org.rdpmux.pdu.gcc.ClientNetworkData;
import org.rdpmux.pdu.gcc.ConferenceCreateRequest;
import org.rdpmux.pdu.gcc.ConferenceCreateResponse;
import org.rdpmux.pdu.mcs.ConnectInitial;
import org.rdpmux.pdu.mcs.ConnectResponse;
import org.rdpmux.pdu.mcs.DomainParameters;
import org.rdpmux.pdu.x224.ConnectionConfirm;
import org.rdpmux.pdu.x224.ConnectionRequest;
import org.rdpmux.pdu.x224.DataFrame;
import org.rdpmux.pdu.x224.NegotiationRequest;
import org.rdpmux.pdu.x224.Protocols;
import org.rdpmux.security.tls.CertificateStore;
import org.rdpmux.security.tls.TlsIdentity;
import org.rdpmux.testkit.rdp.RdpWire;

/** Clients that begin with TLS ([MS-RDPBCGR] 5.4.2.2): VMConnect, guacd with a preconnection id, FreeRDP with -nego. */
class DirectTlsTest {

    private RdpServer server;
    private RdpWire wire;

    @BeforeEach
    void connect(@TempDir Path directory) throws IOException {
        TlsIdentity identity = CertificateStore.inDirectory(directory, List.of("localhost"), Instant.now())
                .current();
        server = new RdpServer(ServerOptions.defaults(() -> identity).withThreads(new ServerOptions.Threads(1, 1, 1)));
        PaintedDisplay.Canvas guest = new PaintedDisplay.Canvas(64, 48);
        Console console = server.openConsole("web", () -> new PaintedDisplay(guest, event -> {}));
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        Endpoint endpoint = server.listen(console, any, EndpointPolicy.open());
        wire = RdpWire.connect(endpoint.address(), Duration.ofSeconds(60));
    }

    @AfterEach
    void stop() throws IOException {
        wire.close();
        server.close();
    }

    @Test
    void mcsMayFollowAtOnce() throws IOException {
        wire.startTls();
        expectMcs(Protocols.RDP);
    }

    @Test
    void aPreconnectionPduMayPrecedeTls() throws IOException {
        wire.send(new PreconnectionPdu(2, 7, "web;EnhancedMode=1"));
        wire.startTls();
        expectMcs(Protocols.RDP);
    }

    @Test
    void theX224RequestMayComeInsideTls() throws IOException {
        wire.startTls();
        int offer = Protocols.SSL | Protocols.HYBRID;
        wire.send(new ConnectionRequest("", Optional.of(NegotiationRequest.of(offer))));
        assertEquals(
                ConnectionConfirm.selected(ConnectionConfirm.Selected.EXTENDED_CLIENT_DATA_SUPPORTED, Protocols.SSL),
                ConnectionConfirm.decode(wire.readFrame()));
        expectMcs(offer);
    }

    /** Sends MCS Connect Initial; the answer has the protocols of the request in it. */
    private void expectMcs(int requestedProtocols) throws IOException {
        ClientCoreData core = new ClientCoreData(
                ClientCoreData.VERSION_RDP5, 800, 600, Tail.COLOR_8BPP, 0x409, 2600, "PC", 4, 0, 12, Tail.NONE);
        ConferenceCreateRequest request = new ConferenceCreateRequest(
                new ClientBlocks(core, ClientNetworkData.NONE, OptionalInt.empty(), OptionalInt.empty()));
        ByteBuf userData = Unpooled.buffer(request.size(), request.size());
        request.encode(userData);
        wire.send(DataFrame.of(new ConnectInitial(
                DomainParameters.TARGET, DomainParameters.MINIMUM, DomainParameters.MAXIMUM, userData.array())));
        ConnectResponse response = ConnectResponse.decode(DataFrame.decodePayload(wire.readFrame()));
        assertEquals(
                requestedProtocols,
                ConferenceCreateResponse.decode(Unpooled.wrappedBuffer(response.userData()))
                        .blocks()
                        .requestedProtocols());
    }
}
