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
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rdpmux.control.ControlApi;
import org.rdpmux.control.ControlClient;
import org.rdpmux.control.Done;
import org.rdpmux.control.Method;
import org.rdpmux.control.Request;
import org.rdpmux.control.Route;
import org.rdpmux.control.Routes;
import org.rdpmux.daemon.event.AgentEvents;

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

    private static CompletionStage<Reply> echo(Request request, Client client) {
        return CompletableFuture.completedFuture(new Reply.Ok(Done.of(request.toString())));
    }

    private ControlServer listen(Duration deadline, ControlServer.Handler handler) throws IOException {
        return listen(terms(directory.resolve("control.sock"), "", false, deadline), handler);
    }

    private static ControlServer.Terms terms(Path socket, String group, boolean readOnly, Duration deadline) {
        return new ControlServer.Terms(socket, group, "control.group", readOnly, deadline);
    }

    private static ControlServer listen(ControlServer.Terms terms, ControlServer.Handler handler) throws IOException {
        return ControlServer.listen(
                loop,
                terms,
                new ControlServer.Sources(
                        handler, new EventLog(new AgentEvents(), loop, Clock.systemUTC()), new SilentMonitor()));
    }

    private static void assertRefused(int status, String part, RawClient.Answer answer) {
        assertEquals(status, answer.status(), answer.body());
        assertEquals("application/problem+json", answer.fields().get("content-type"));
        assertTrue(answer.body().startsWith("{\"type\":\"about:blank\",\"title\":\""), answer.body());
        assertTrue(answer.body().contains("\"status\":" + status + ","), answer.body());
        assertTrue(answer.body().contains(part), answer.body());
    }

    @Test
    void answersOneRequestAfterTheOther() throws Exception {
        try (ControlServer server = listen(PATIENT, ControlServerTest::echo);
                ControlClient client = ControlClient.connect(server.socket(), PATIENT)) {
            for (String name : List.of("a", "b/c ü%")) {
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
                RawClient client = new RawClient(server.socket())) {
            client.say(RawClient.request("POST /v1/reload").repeat(100));
            for (int i = 0; i < 100; i++) {
                CompletableFuture<Reply> reply = asked.take();
                assertTrue(asked.isEmpty(), "a second request is worked on before the first is answered");
                reply.complete(new Reply.Ok(Done.of("number " + i)));
                assertEquals(
                        "{\"messages\":[\"number " + i + "\"]}", client.hear().body());
            }
        }
    }

    @Test
    void knowsWhoAsks() throws Exception {
        BlockingQueue<Peer> peers = new LinkedBlockingQueue<>();
        try (ControlServer server = listen(PATIENT, (request, asking) -> {
                    peers.add(asking.peer());
                    return echo(request, asking);
                });
                ControlClient client = ControlClient.connect(server.socket(), PATIENT)) {
            client.ask(new Request.Reload(), Done.class);
            int uid = (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
            String user = Files.getOwner(Path.of("/proc/self")).getName();
            assertEquals(new Peer((int) ProcessHandle.current().pid(), uid, user, true), peers.take());
        }
    }

    @Test
    void succeedsWithTheStatusOfTheRouteAndSaysNothingTwiceToACache() throws Exception {
        try (ControlServer server = listen(PATIENT, ControlServerTest::echo);
                RawClient client = new RawClient(server.socket())) {
            client.say(RawClient.request("POST /v1/users", "{\"user\":\"ann\",\"password\":\"x\"}"));
            RawClient.Answer made = client.hear();
            assertEquals(201, made.status());
            assertEquals("application/json", made.fields().get("content-type"));
            assertEquals("no-store", made.fields().get("cache-control"));
            client.say("POST /v1/users HTTP/1.1\r\nHost: rdpmux\r\nContent-Type: Application/JSON; charset=UTF-8\r\n"
                    + "Transfer-Encoding: chunked\r\n\r\n7\r\n{\"user\"\r\n7\r\n:\"ann\"}\r\n0\r\n\r\n");
            assertEquals(201, client.hear().status());
            client.say(RawClient.request("HEAD /v1/status"));
            RawClient.Answer head = client.hearHead();
            assertEquals(200, head.status());
            assertTrue(Integer.parseInt(head.fields().get("content-length")) > 10, head::toString);
            client.say("GET /v1/status HTTP/1.1\r\nHost: rdpmux\r\nConnection: close\r\n\r\n");
            RawClient.Answer last = client.hear();
            assertEquals("close", last.fields().get("connection"));
            assertTrue(last.body().contains("AgentStatus"), last.body());
            assertTrue(client.isAtEnd());
        }
    }

    /** The connection goes on: what was wrong is understood. */
    @Test
    void tellsWhatIsWrongWithARequestThatIsUnderstood() throws Exception {
        try (ControlServer server = listen(PATIENT, ControlServerTest::echo);
                RawClient client = new RawClient(server.socket())) {
            client.say(RawClient.request("GET /v2/consoles"));
            assertRefused(404, "no such path", client.hear());
            client.say(RawClient.request("PATCH /v1/consoles/a", "{}"));
            RawClient.Answer notAllowed = client.hear();
            assertRefused(405, "there is GET, HEAD, DELETE", notAllowed);
            assertEquals("GET, HEAD, DELETE", notAllowed.fields().get("allow"));
            client.say(RawClient.request("POST /v1/users", "{\"user\":"));
            assertRefused(400, "not JSON", client.hear());
            client.say(RawClient.request("GET /v1/consoles/%ff"));
            assertRefused(400, "not percent-encoded UTF-8", client.hear());
            client.say(RawClient.request("POST /v1/users", "{}").replace("application/json", "text/plain"));
            assertRefused(415, "Content-Type: application/json", client.hear());
            client.say(RawClient.request("HEAD /v1/events"));
            assertEquals(400, client.hearHead().status());
            client.say(RawClient.request("GET /v1/status"));
            assertEquals(200, client.hear().status());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "400 | {\"rdpmux\":1,\"request\":\"reload\"}~",
                "400 | GET /v1/status HTTP/1.1~~",
                "400 | GET /v1/status HTTP/1.1~Host: rdpmux~Host: rdpmux~~",
                "421 | GET /v1/status HTTP/1.1~Host: localhost~~",
                "403 | GET /v1/status HTTP/1.1~Host: rdpmux~Origin: null~~",
                "505 | GET /v1/status HTTP/1.0~Host: rdpmux~~",
                "400 | GET /v1/status HTTP/1.1~Host : rdpmux~~",
                "421 | GET /v1/status HTTP/1.1~Host: rdpmux~ folded~~",
                "400 | POST /v1/users HTTP/1.1~Host: rdpmux~Content-Length: 2~Content-Length: 2~~{}",
                "400 | POST /v1/users HTTP/1.1~Host: rdpmux~Content-Length: 2, 2~~{}",
                "400 | POST /v1/users HTTP/1.1~Host: rdpmux~Content-Length: +2~~{}",
                "400 | POST /v1/users HTTP/1.1~Host: rdpmux~Content-Length: -2~~{}",
                "400 | POST /v1/users HTTP/1.1~Host: rdpmux~Content-Length: 99999999999999999999~~{}",
                "400 | POST /v1/users HTTP/1.1~Host: rdpmux~Content-Length: 2~Transfer-Encoding: chunked~~2~{}~0~~",
                "501 | POST /v1/users HTTP/1.1~Host: rdpmux~Transfer-Encoding: gzip, chunked~~{}",
                "400 | POST /v1/users HTTP/1.1~Host: rdpmux~Content-Type: application/json~Content-Type: text/plain~Content-Length: 2~~{}",
                "400 | POST /v1/users HTTP/1.1~Host: rdpmux~Transfer-Encoding: chunked~~zz~{}~0~~",
                "400 | POST /v1/users HTTP/1.1~Host: rdpmux~Transfer-Encoding: chunked~~0~Field: late~~",
                "413 | POST /v1/users HTTP/1.1~Host: rdpmux~Content-Length: 16385~~",
                "417 | POST /v1/users HTTP/1.1~Host: rdpmux~Expect: 100-continue~Content-Length: 2~~"
            })
    void refusesWhatCouldBeTakenForAnotherRequestAndHangsUp(int status, String text) throws Exception {
        try (ControlServer server = listen(PATIENT, ControlServerTest::echo);
                RawClient client = new RawClient(server.socket())) {
            // What follows is never taken for a request.
            client.say(text.replace("~", "\r\n") + RawClient.request("POST /v1/reload"));
            RawClient.Answer answer = client.hear();
            assertRefused(status, "detail", answer);
            assertEquals("close", answer.fields().get("connection"));
            assertTrue(client.isAtEnd(), "there is more than one answer");
        }
    }

    @Test
    void boundsWhatARequestMayBring() throws Exception {
        String start = "POST /v1/users HTTP/1.1\r\nHost: rdpmux\r\n";
        String chunk = "2000\r\n" + " ".repeat(0x2000) + "\r\n";
        Map<String, Integer> hostile = Map.of(
                "GET /" + "x".repeat(ControlApi.MAX_HEAD_BYTES), 414,
                start + "Field: " + "x".repeat(ControlApi.MAX_HEAD_BYTES), 431,
                start + "Field: x\r\n".repeat(ControlApi.MAX_HEAD_BYTES), 431,
                start + "Transfer-Encoding: chunked\r\n\r\n" + chunk.repeat(3), 413);
        try (ControlServer server = listen(PATIENT, ControlServerTest::echo)) {
            for (Map.Entry<String, Integer> entry : hostile.entrySet()) {
                try (RawClient client = new RawClient(server.socket())) {
                    client.say(entry.getKey());
                    assertRefused(entry.getValue(), "bytes", client.hear());
                    assertTrue(client.isAtEnd());
                }
            }
        }
    }

    @Test
    void nothingCanBeChangedAtTheReadOnlySocket() throws Exception {
        ControlServer.Terms terms = terms(directory.resolve("control-ro.sock"), "", true, PATIENT);
        try (ControlServer server = listen(terms, ControlServerTest::echo);
                RawClient client = new RawClient(server.socket())) {
            for (Route route : Routes.ALL) {
                if (route.method() != Method.GET) {
                    client.say(RawClient.request(
                            route.method() + " " + route.path().replaceAll("[{}]", ""), "{}"));
                    assertRefused(403, "nothing can be changed at control-ro.sock", client.hear());
                }
            }
            client.say(RawClient.request("PATCH /v1/users/ann"));
            assertRefused(403, "control.group", client.hear());
            client.say(RawClient.request("GET /v1/status"));
            assertEquals(200, client.hear().status());
        }
    }

    @Test
    void aClientThatIsSilentOrTooSlowIsSentAway() throws Exception {
        try (ControlServer server = listen(Duration.ofSeconds(1), ControlServerTest::echo);
                RawClient silent = new RawClient(server.socket());
                RawClient half = new RawClient(server.socket());
                RawClient withoutBody = new RawClient(server.socket())) {
            half.sayIfHeard("GET /v1/st");
            withoutBody.sayIfHeard("POST /v1/users HTTP/1.1\r\nHost: rdpmux\r\nContent-Length: 9\r\n\r\n{");
            for (RawClient client : List.of(silent, half, withoutBody)) {
                assertRefused(408, "no request within 1000 ms", client.hear());
                assertTrue(client.isAtEnd());
            }
        }
    }

    @Test
    void aClientThatDoesNotTakeItsAnswerIsSentAwayAndTheOthersAreServed() throws Exception {
        Reply large = new Reply.Ok(Done.of("x".repeat(4 * 1024 * 1024)));
        try (ControlServer server = listen(
                Duration.ofSeconds(3),
                (request, peer) -> request instanceof Request.Reload
                        ? CompletableFuture.completedFuture(large)
                        : echo(request, peer))) {
            try (RawClient deaf = new RawClient(server.socket())) {
                deaf.say(RawClient.request("POST /v1/reload"));
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
        List<RawClient> clients = new ArrayList<>();
        try (ControlServer server = listen(PATIENT, ControlServerTest::echo)) {
            // The tests run as root or as the agent's user, for whom some places are kept.
            for (int i = 0; i < ControlServer.MAX_CLIENTS + ControlServer.RESERVED; i++) {
                clients.add(new RawClient(server.socket()));
            }
            try (RawClient tooMany = new RawClient(server.socket())) {
                tooMany.say(RawClient.request("GET /v1/status"));
                RawClient.Answer answer = tooMany.hear();
                assertRefused(503, "too many are asking at once; try again", answer);
                assertEquals("1", answer.fields().get("retry-after"));
            }
            clients.get(0).say(RawClient.request("GET /v1/status"));
            assertEquals(200, clients.get(0).hear().status());
        } finally {
            for (RawClient client : clients) {
                client.close();
            }
        }
    }

    @Test
    void aHandlerThatFailsIsNotTheClientsBusiness() throws Exception {
        try (ControlServer server = listen(
                        PATIENT,
                        (request, peer) -> CompletableFuture.failedFuture(new IllegalStateException("secret")));
                RawClient client = new RawClient(server.socket())) {
            client.say(RawClient.request("POST /v1/reload"));
            RawClient.Answer answer = client.hear();
            assertRefused(500, "the agent failed at this; its log says more", answer);
            assertFalse(answer.body().contains("secret"), answer.body());
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
        assertTrue(cannotListen(directory.resolve("x".repeat(100)), "").contains("too long"));
        assertTrue(cannotListen(directory.resolve("s"), "no-such-group")
                .contains("there is no group 'no-such-group', which control.group names"));
        assertTrue(cannotListen(directory.resolve("none/s"), "").contains("cannot listen"));
    }

    private static String cannotListen(Path socket, String group) {
        return assertThrows(
                        IOException.class, () -> listen(terms(socket, group, false, PATIENT), ControlServerTest::echo))
                .getMessage();
    }
}
