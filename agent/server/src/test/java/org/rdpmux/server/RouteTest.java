// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.local.LocalAddress;
import io.netty.channel.local.LocalChannel;
import io.netty.channel.local.LocalIoHandler;
import io.netty.channel.local.LocalServerChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rdpmux.display.Rect;
import org.rdpmux.pdu.PreconnectionPdu;
import org.rdpmux.pdu.x224.ConnectionConfirm;
import org.rdpmux.pdu.x224.ConnectionConfirm.Failed;
import org.rdpmux.pdu.x224.ConnectionRequest;
import org.rdpmux.pdu.x224.NegotiationRequest;
import org.rdpmux.pdu.x224.Protocols;
import org.rdpmux.security.tls.CertificateStore;
import org.rdpmux.security.tls.TlsIdentity;
import org.rdpmux.server.net.Connections;
import org.rdpmux.server.net.Origin;
import org.rdpmux.testkit.rdp.ClientOptions;
import org.rdpmux.testkit.rdp.RdpClient;
import org.rdpmux.testkit.rdp.RdpWire;

/** One address that leads to several consoles, and a session that does not come over TCP. */
class RouteTest {

    private static final InetSocketAddress ANY = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final int RED = 0xff0000;
    private static final int BLUE = 0x0000ff;

    private static TlsIdentity identity;

    private final List<AutoCloseable> opened = new ArrayList<>();
    private final LinkedBlockingQueue<Opening> asked = new LinkedBlockingQueue<>();
    private RdpServer server;
    private Entry red;
    private Entry blue;

    @BeforeAll
    static void makeCertificate(@TempDir Path directory) throws IOException {
        identity = CertificateStore.inDirectory(directory, List.of("localhost"), Instant.now())
                .current();
    }

    @BeforeEach
    void start() {
        server = new RdpServer(ServerOptions.defaults(() -> identity).withThreads(new ServerOptions.Threads(1, 1, 1)));
        red = server.entry(console("red", RED), EndpointPolicy.open());
        blue = server.entry(console("blue", BLUE), EndpointPolicy.open());
    }

    private Console console(String name, int colour) {
        PaintedDisplay.Canvas guest = new PaintedDisplay.Canvas(64, 48);
        guest.paint(new Rect(0, 0, 64, 48), colour);
        return server.openConsole(name, () -> new PaintedDisplay(guest, event -> {}));
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable each : opened) {
            each.close();
        }
        server.close();
    }

    private Optional<Entry> byName(Opening opening, InetSocketAddress remote) {
        asked.add(opening);
        return switch (opening.preconnection().map(PreconnectionPdu::pcb).orElse("red")) {
            case "red" -> Optional.of(red);
            case "blue" -> Optional.of(blue);
            default -> Optional.empty();
        };
    }

    @Test
    void whatAClientNamesFirstDecidesWhatItSees() throws IOException {
        Listener listener = server.listen(ANY, new Route.LookUp("gateway", this::byName));
        awaitColour(connect(listener.address(), ClientOptions.DEFAULT), RED);
        PreconnectionPdu name = new PreconnectionPdu(2, 0, "blue");
        awaitColour(connect(listener.address(), ClientOptions.DEFAULT.withPreconnection(name)), BLUE);
        assertEquals(1, blue.console().viewers().size());
        listener.close();
        assertThrows(IOException.class, () -> connect(listener.address(), ClientOptions.DEFAULT));
    }

    @Test
    void theCookieOfTheRequestIsKnownToTheRoute() throws Exception {
        Listener listener = server.listen(ANY, new Route.LookUp("gateway", this::byName));
        try (RdpWire wire = RdpWire.connect(listener.address(), Duration.ofSeconds(20))) {
            wire.send(request("Cookie: msts=4711"));
            wire.readFrame();
        }
        assertEquals(new Opening(Optional.empty(), "Cookie: msts=4711"), asked.poll(20, TimeUnit.SECONDS));
    }

    @Test
    void aClientThatLeadsNowhereIsToldInX224() throws IOException {
        Listener listener = server.listen(ANY, new Route.LookUp("gateway", this::byName));
        try (RdpWire wire = RdpWire.connect(listener.address(), Duration.ofSeconds(20))) {
            wire.send(new PreconnectionPdu(2, 0, "green"));
            wire.send(request(""));
            assertEquals(
                    ConnectionConfirm.failed(Failed.SSL_CERT_NOT_ON_SERVER),
                    ConnectionConfirm.decode(wire.readFrame()));
            assertThrows(IOException.class, wire::readFrame);
        }
    }

    @Test
    void aDefectOfTheRouteRefusesThatClientAlone() throws IOException {
        Listener listener = server.listen(ANY, new Route.LookUp("gateway", (opening, remote) -> {
            if (!opening.cookie().isEmpty()) {
                throw new IllegalStateException("on purpose");
            }
            return Optional.of(red);
        }));
        try (RdpWire wire = RdpWire.connect(listener.address(), Duration.ofSeconds(20))) {
            wire.send(request("Cookie: mstshash=bob"));
            assertEquals(
                    ConnectionConfirm.failed(Failed.SSL_CERT_NOT_ON_SERVER),
                    ConnectionConfirm.decode(wire.readFrame()));
        }
        try (RdpWire wire = RdpWire.connect(listener.address(), Duration.ofSeconds(20))) {
            wire.send(request(""));
            assertEquals(
                    ConnectionConfirm.selected(
                            ConnectionConfirm.Selected.EXTENDED_CLIENT_DATA_SUPPORTED, Protocols.SSL),
                    ConnectionConfirm.decode(wire.readFrame()));
        }
    }

    /** TLS bytes that come while the route is looked up wait in front of TLS, and others are served meanwhile. */
    @Test
    void aSlowRouteHoldsUpNobodyElse() throws Exception {
        CountDownLatch found = new CountDownLatch(1);
        Listener slow = server.listen(ANY, new Route.LookUp("slow", (opening, remote) -> {
            asked.add(opening);
            try {
                return found.await(4, TimeUnit.SECONDS) ? Optional.of(red) : Optional.empty();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }));
        Endpoint other = server.listen(blue.console(), ANY, EndpointPolicy.open());
        try (RdpWire wire = RdpWire.connect(slow.address(), Duration.ofSeconds(20))) {
            Thread client = new Thread(() -> {
                try {
                    wire.startTls();
                    wire.send(request(""));
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            client.start();
            asked.take();
            awaitColour(connect(other.address(), ClientOptions.DEFAULT), BLUE);
            found.countDown();
            client.join();
            assertEquals(
                    ConnectionConfirm.selected(
                            ConnectionConfirm.Selected.EXTENDED_CLIENT_DATA_SUPPORTED, Protocols.SSL),
                    ConnectionConfirm.decode(wire.readFrame()));
        }
    }

    /** A transport makes channels of bytes; the rest of the server does not see which. */
    @Test
    void aSessionNeedsNoTcp() throws Exception {
        var local = new MultiThreadIoEventLoopGroup(1, LocalIoHandler.newFactory());
        var sockets = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        opened.add(() -> local.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync());
        opened.add(() -> sockets.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync());
        Connections connections = server.connections(new Route.Fixed(red));
        Origin origin = new Origin(new InetSocketAddress(InetAddress.getLoopbackAddress(), 4711), true);
        LocalAddress inside = new LocalAddress("aSessionNeedsNoTcp");
        new ServerBootstrap()
                .group(local)
                .channel(LocalServerChannel.class)
                .childHandler(initializer(channel -> connections.accept(channel, origin)))
                .bind(inside)
                .sync();
        // The scripted client speaks TCP: each of its connections is carried over to the local transport.
        Channel outside = new ServerBootstrap()
                .group(sockets)
                .channel(NioServerSocketChannel.class)
                .childOption(ChannelOption.AUTO_READ, false)
                .childHandler(initializer(socket -> new Bootstrap()
                        .group(local)
                        .channel(LocalChannel.class)
                        .handler(new Carrier(socket))
                        .connect(inside)
                        .addListener(connected -> {
                            socket.pipeline()
                                    .addLast(new Carrier(((io.netty.channel.ChannelFuture) connected).channel()));
                            socket.config().setAutoRead(true);
                        })))
                .bind(ANY)
                .sync()
                .channel();
        awaitColour(connect((InetSocketAddress) outside.localAddress(), ClientOptions.DEFAULT), RED);
        assertEquals(4711, red.console().viewers().get(0).remote().getPort());
    }

    /** Writes what it reads to another channel, and closes that with its own. */
    private static final class Carrier extends ChannelInboundHandlerAdapter {
        private final Channel to;

        Carrier(Channel to) {
            this.to = to;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            to.writeAndFlush(message);
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            to.close();
        }
    }

    private static ChannelInitializer<Channel> initializer(java.util.function.Consumer<Channel> initialize) {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                initialize.accept(channel);
            }
        };
    }

    private RdpClient connect(InetSocketAddress address, ClientOptions options) throws IOException {
        RdpClient client = RdpClient.connect(address, options);
        opened.add(0, client);
        return client.awaitActive();
    }

    private static void awaitColour(RdpClient client, int colour) {
        client.await("the picture", c -> c.width() == 64 && c.screen()[0] == colour);
        assertEquals(List.of(), client.violations());
    }

    private static ConnectionRequest request(String cookie) {
        return new ConnectionRequest(cookie, Optional.of(NegotiationRequest.of(Protocols.SSL)));
    }
}
