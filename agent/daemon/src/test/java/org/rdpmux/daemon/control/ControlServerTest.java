// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.rdpmux.control.ControlClient;
import org.rdpmux.control.ControlProtocol;
import org.rdpmux.control.Done;
import org.rdpmux.control.Reply;
import org.rdpmux.control.Request;

@Timeout(60)
class ControlServerTest {

    private static final Duration PATIENT = Duration.ofSeconds(30);

    private static EventLoopGroup loop;

    @TempDir
    Path directory;

    @BeforeAll
    static void startLoop() {
        loop = new MultiThreadIoEventLoopGroup(
                1, new DefaultThreadFactory("control-test", true), EpollIoHandler.newFactory());
    }

    @AfterAll
    static void stopLoop() {
        loop.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private static CompletionStage<Reply> echo(Request request, Peer peer) {
        return CompletableFuture.completedFuture(new Reply.Ok(Done.of(request.toString())));
    }

    private ControlServer listen(Duration deadline, ControlServer.Handler handler) throws IOException {
        return ControlServer.listen(loop, directory.resolve("control.sock"), "", deadline, handler);
    }

    /** A client that says what it likes. */
    private static final class RawClient implements AutoCloseable {
        private final SocketChannel channel;
        private final BufferedReader lines;

        RawClient(ControlServer server) throws IOException {
            channel = SocketChannel.open(StandardProtocolFamily.UNIX);
            channel.connect(UnixDomainSocketAddress.of(server.socket()));
            lines = new BufferedReader(Channels.newReader(channel, StandardCharsets.UTF_8));
        }

        void say(byte[] bytes) throws IOException {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
        }

        void say(String text) throws IOException {
            say(text.getBytes(StandardCharsets.UTF_8));
        }

        /** Null at the end. */
        String hear() throws IOException {
            return lines.readLine();
        }

        String hearRefusal() throws IOException {
            Reply reply = ControlProtocol.decodeReply(hear(), Done.class);
            return ((Reply.Refused) reply).error();
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    @Test
    void answersOneRequestAfterTheOther() throws Exception {
        try (ControlServer server = listen(PATIENT, ControlServerTest::echo);
                ControlClient client = ControlClient.connect(server.socket(), PATIENT)) {
            for (String name : List.of("a", "b")) {
                Request request = new Request.Detach(name);
                assertEquals(Done.of(request.toString()), client.ask(request, Done.class));
            }
        }
    }

    @Test
    void answersRequestsInOrderWhenTheyComeAllAtOnceAndOneAtATime() throws Exception {
        BlockingQueue<CompletableFuture<Reply>> asked = new LinkedBlockingQueue<>();
        try (ControlServer server = listen(PATIENT, (request, peer) -> {
                    CompletableFuture<Reply> reply = new CompletableFuture<>();
                    asked.add(reply);
                    return reply;
                });
                RawClient client = new RawClient(server)) {
            client.say((ControlProtocol.encode(new Request.Reload()) + "\n").repeat(100));
            for (int i = 0; i < 100; i++) {
                CompletableFuture<Reply> reply = asked.take();
                assertTrue(asked.isEmpty(), "a second request is worked on before the first is answered");
                reply.complete(new Reply.Ok(Done.of("number " + i)));
                assertEquals(
                        new Reply.Ok(Done.of("number " + i)), ControlProtocol.decodeReply(client.hear(), Done.class));
            }
        }
    }

    @Test
    void knowsWhoAsks() throws Exception {
        BlockingQueue<Peer> peers = new LinkedBlockingQueue<>();
        try (ControlServer server = listen(PATIENT, (request, peer) -> {
                    peers.add(peer);
                    return echo(request, peer);
                });
                ControlClient client = ControlClient.connect(server.socket(), PATIENT)) {
            client.ask(new Request.Reload(), Done.class);
            int uid = (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
            String user = Files.getOwner(Path.of("/proc/self")).getName();
            assertEquals(new Peer((int) ProcessHandle.current().pid(), uid, user, true), peers.take());
        }
    }

    @Test
    void tellsWhatIsWrongAndHangsUp() throws Exception {
        byte[] binary = new byte[300];
        for (int i = 0; i < binary.length; i++) {
            binary[i] = (byte) (i * 7);
        }
        try (ControlServer server = listen(PATIENT, ControlServerTest::echo)) {
            List<byte[]> hostile = new ArrayList<>();
            for (String text : List.of(
                    "\n",
                    "GET / HTTP/1.1\r\n\r\n",
                    "{}\n",
                    "[".repeat(10_000) + "\n",
                    "{\"rdpmux\":1,\"request\":\"reload\"\n",
                    "{\"rdpmux\":99,\"request\":\"reload\"}\n",
                    "{\"rdpmux\":1,\"request\":\"attach\",\"port\":{}}\n",
                    "x".repeat(ControlProtocol.MAX_REQUEST_BYTES + 1))) {
                hostile.add(text.getBytes(StandardCharsets.UTF_8));
            }
            binary[299] = '\n';
            hostile.add(binary);
            for (byte[] bytes : hostile) {
                try (RawClient client = new RawClient(server)) {
                    client.say(bytes);
                    assertFalse(client.hearRefusal().isEmpty());
                    assertEquals(null, client.hear());
                }
            }
        }
    }

    @Test
    void aClientThatIsSilentOrTooSlowIsSentAway() throws Exception {
        try (ControlServer server = listen(Duration.ofMillis(100), ControlServerTest::echo);
                RawClient silent = new RawClient(server);
                RawClient half = new RawClient(server)) {
            half.say("{\"rdpmux\":1,");
            assertEquals("no request within 100 ms", silent.hearRefusal());
            assertEquals(null, silent.hear());
            assertEquals("no request within 100 ms", half.hearRefusal());
            assertEquals(null, half.hear());
        }
    }

    @Test
    void aClientThatDoesNotTakeItsAnswerIsSentAwayAndTheOthersAreServed() throws Exception {
        Reply large = new Reply.Ok(Done.of("x".repeat(4 * 1024 * 1024)));
        try (ControlServer server = listen(
                Duration.ofMillis(300),
                (request, peer) -> request instanceof Request.Reload
                        ? CompletableFuture.completedFuture(large)
                        : echo(request, peer))) {
            try (RawClient deaf = new RawClient(server)) {
                deaf.say(ControlProtocol.encode(new Request.Reload()) + "\n");
                try (ControlClient other = ControlClient.connect(server.socket(), PATIENT)) {
                    other.ask(new Request.Detach("x"), Done.class);
                }
                assertTrue(isHungUpOn(deaf), "the deaf client is still there");
            }
        }
    }

    /** Whether the server closes the connection before long: then nothing can be written to it. */
    private static boolean isHungUpOn(RawClient client) {
        long end = System.nanoTime() + PATIENT.toNanos();
        while (System.nanoTime() < end) {
            try {
                client.say(" ");
            } catch (IOException expected) {
                return true;
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
        return false;
    }

    @Test
    void moreClientsThanThereIsRoomForAreToldSo() throws Exception {
        try (ControlServer server = listen(PATIENT, ControlServerTest::echo)) {
            List<RawClient> clients = new ArrayList<>();
            try {
                for (int i = 0; i < ControlServer.MAX_CLIENTS; i++) {
                    clients.add(new RawClient(server));
                }
                try (RawClient tooMany = new RawClient(server)) {
                    assertEquals("too many are asking at once; try again", tooMany.hearRefusal());
                }
                clients.get(0).say(ControlProtocol.encode(new Request.Reload()) + "\n");
                assertTrue(clients.get(0).hear().contains("\"ok\":true"));
            } finally {
                for (RawClient client : clients) {
                    client.close();
                }
            }
        }
    }

    @Test
    void aHandlerThatFailsIsNotTheClientsBusiness() throws Exception {
        try (ControlServer server = listen(
                        PATIENT,
                        (request, peer) -> CompletableFuture.failedFuture(new IllegalStateException("secret")));
                RawClient client = new RawClient(server)) {
            client.say(ControlProtocol.encode(new Request.Reload()) + "\n");
            assertEquals("the agent failed at this; its log says more", client.hearRefusal());
        }
    }

    @Test
    void onlyUserAndGroupMayConnectAndWhatAKilledAgentLeftIsReplaced() throws Exception {
        Path socket = directory.resolve("control.sock");
        Files.createFile(socket);
        try (ControlServer server = listen(PATIENT, ControlServerTest::echo)) {
            assertEquals(socket, server.socket());
            assertEquals("rw-rw----", PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)));
            ControlClient.connect(socket, PATIENT).close();
        }
        assertFalse(Files.exists(socket));
    }

    @Test
    void theKernelKnowsTheSocketByItsNameAndItIsSeenToBeGone() throws Exception {
        Path socket = directory.resolve("control.sock");
        try (ControlServer server = listen(PATIENT, ControlServerTest::echo)) {
            assertTrue(
                    Files.readAllLines(Path.of("/proc/net/unix")).stream()
                            .anyMatch(line -> line.endsWith(" " + socket)),
                    "who cleans up takes the socket for dead");
            assertTrue(server.isReachable());
            Files.delete(socket);
            assertFalse(server.isReachable());
            Files.createFile(socket);
            assertFalse(server.isReachable());
        }
    }

    @Test
    void saysWhyItCannotListen() {
        Path longPath = directory.resolve("x".repeat(100));
        assertTrue(assertThrows(
                        IOException.class,
                        () -> ControlServer.listen(loop, longPath, "", PATIENT, ControlServerTest::echo))
                .getMessage()
                .contains("too long"));
        assertTrue(assertThrows(
                        IOException.class,
                        () -> ControlServer.listen(
                                loop, directory.resolve("s"), "no-such-group", PATIENT, ControlServerTest::echo))
                .getMessage()
                .contains("there is no group 'no-such-group'"));
        assertThrows(
                IOException.class,
                () -> ControlServer.listen(loop, directory.resolve("none/s"), "", PATIENT, ControlServerTest::echo));
    }
}
