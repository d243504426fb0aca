// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rdpmux.display.Rect;
import org.rdpmux.pdu.share.InclusiveRect;
import org.rdpmux.pdu.x224.ConnectionRequest;
import org.rdpmux.pdu.x224.NegotiationRequest;
import org.rdpmux.security.tls.CertificateStore;
import org.rdpmux.security.tls.TlsIdentity;
import org.rdpmux.testkit.rdp.ClientOptions;
import org.rdpmux.testkit.rdp.RdpClient;

/** Connections that do what no client does: bounds and deadlines hold, and a client beside them does not notice. */
class HostileClientsTest {

    /** Long enough for an honest client on a busy machine. */
    private static final Duration HANDSHAKE = Duration.ofSeconds(4);

    private static TlsIdentity identity;

    private final List<AutoCloseable> opened = new ArrayList<>();
    private final PaintedDisplay.Canvas guest = new PaintedDisplay.Canvas(200, 150);
    private RdpServer server;
    private Console console;
    private Endpoint endpoint;
    private RdpClient witness;

    @BeforeAll
    static void makeCertificate(@TempDir Path directory) throws IOException {
        identity = CertificateStore.inDirectory(directory, List.of("localhost"), Instant.now())
                .current();
    }

    @BeforeEach
    void startServer() throws IOException {
        server = new RdpServer(ServerOptions.defaults(() -> identity)
                .withThreads(new ServerOptions.Threads(2, 1, 1))
                .withLimits(new ServerOptions.Limits(150, 3, 99, 110, 100, HANDSHAKE)));
        console = server.openConsole("web1", () -> new PaintedDisplay(guest, event -> {}));
        endpoint = server.listen(
                console, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), EndpointPolicy.open());
        witness = RdpClient.connect(endpoint.address(), ClientOptions.DEFAULT).awaitActive();
    }

    @AfterEach
    void theWitnessIsStillServed() throws Exception {
        guest.paint(new Rect(10, 10, 20, 20), 0x010203);
        witness.await("the newest picture", client -> client.screen()[15 * 200 + 15] == 0x010203);
        assertEquals(List.of(), witness.violations());
        witness.close();
        for (AutoCloseable each : opened) {
            each.close();
        }
        server.close();
    }

    @Test
    void connectionsThatSayNothingEndAtTheDeadline() throws IOException {
        List<Socket> silent = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            silent.add(socket());
        }
        for (Socket socket : silent) {
            assertEquals(-1, read(socket));
        }
    }

    @Test
    void connectionsThatStopHalfWayEndAtTheDeadline() throws IOException {
        byte[] request = request();
        for (int length = 1; length <= request.length; length += 3) {
            Socket socket = socket();
            socket.getOutputStream().write(request, 0, length);
        }
        for (AutoCloseable each : opened) {
            drain((Socket) each);
        }
    }

    @Test
    void noiseIsRefusedAtOnce() throws IOException {
        Random random = new Random(3);
        for (int i = 0; i < 50; i++) {
            byte[] noise = new byte[1 + random.nextInt(4000)];
            random.nextBytes(noise);
            noise[0] = i % 2 == 0 ? 3 : noise[0];
            Socket socket = socket();
            try {
                socket.getOutputStream().write(noise);
                drain(socket);
            } catch (IOException expected) {
                // reset while we still wrote
            }
        }
    }

    @Test
    void noiseInsideTlsEndsThatConnectionAlone() throws IOException {
        Random random = new Random(4);
        for (int i = 0; i < 20; i++) {
            RdpClient client = RdpClient.connect(endpoint.address(), ClientOptions.DEFAULT);
            opened.add(client);
            client.awaitActive();
            byte[] noise = new byte[200];
            random.nextBytes(noise);
            noise[0] = (byte) (i % 2 == 0 ? 3 : 0x7c);
            noise[1] = 0;
            noise[2] = 0;
            noise[3] = (byte) noise.length;
            client.sendRaw(noise);
            client.await("the end", RdpClient::hasEnded);
        }
    }

    @Test
    void moreConnectionsThanAllowedAreClosedAndOthersComeInLater() throws IOException {
        List<Socket> sockets = new ArrayList<>();
        for (int i = 0; i < 150; i++) {
            sockets.add(socket());
        }
        for (Socket socket : sockets) {
            assertEquals(-1, read(socket));
        }
        RdpClient client = RdpClient.connect(endpoint.address(), ClientOptions.DEFAULT);
        opened.add(client);
        client.awaitActive();
    }

    @Test
    void viewersBeyondTheLimitAreToldSo() throws IOException {
        for (int i = 0; i < 2; i++) {
            RdpClient client = RdpClient.connect(endpoint.address(), ClientOptions.DEFAULT);
            opened.add(client);
            client.awaitActive();
        }
        RdpClient fourth;
        try {
            fourth = RdpClient.connect(endpoint.address(), ClientOptions.DEFAULT);
        } catch (IOException expected) {
            return; // closed before TLS: the address was full when it came
        }
        opened.add(fourth);
        fourth.awaitEnd();
        assertEquals(Optional.of(DisconnectReason.BUSY.errorInfo()), fourth.errorInfo());
        assertEquals(1, server.refusals().get(Refusal.VIEWERS_FULL));
    }

    @Test
    void connectionsThatComeAndGoLeaveNothingBehind() throws IOException {
        for (int i = 0; i < 500; i++) {
            try (Socket socket = new Socket()) {
                socket.connect(endpoint.address());
                if (i % 2 == 0) {
                    socket.getOutputStream().write(request());
                }
            } catch (IOException expected) {
                // beyond the limit: closed by the server first
            }
        }
        await("room for another client", () -> {
            try (RdpClient client = RdpClient.connect(endpoint.address(), ClientOptions.DEFAULT)) {
                client.awaitActive();
                return true;
            } catch (IOException | AssertionError e) {
                return false; // turned away while the others are being forgotten
            }
        });
    }

    @Test
    void aFloodOfRequestsIsBounded() throws IOException {
        RdpClient client = RdpClient.connect(endpoint.address(), ClientOptions.DEFAULT);
        opened.add(client);
        client.awaitActive();
        client.pause();
        for (int i = 0; i < 2000 && !client.hasEnded(); i++) {
            client.refresh(new InclusiveRect(0, 0, 200, 150));
            client.suppressOutput(Optional.of(new InclusiveRect(9, 9, 1, 1)));
        }
        client.resume();
    }

    private Socket socket() throws IOException {
        Socket socket = new Socket();
        socket.connect(endpoint.address());
        socket.setSoTimeout(20_000);
        opened.add(socket);
        return socket;
    }

    private static int read(Socket socket) {
        try {
            return socket.getInputStream().read();
        } catch (SocketTimeoutException e) {
            throw new AssertionError("not closed", e);
        } catch (IOException e) {
            return -1;
        }
    }

    private static void drain(Socket socket) {
        for (int i = 0; read(socket) >= 0; i++) {
            assertTrue(i < 1000, "too many answers");
        }
    }

    private static byte[] request() {
        ByteBuf out = Unpooled.buffer();
        new ConnectionRequest("", Optional.of(NegotiationRequest.of(1))).encode(out);
        byte[] bytes = new byte[out.readableBytes()];
        out.readBytes(bytes);
        return bytes;
    }

    private static void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadline, "waited for " + what);
        }
    }
}
