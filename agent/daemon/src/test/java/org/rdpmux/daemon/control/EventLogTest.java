// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.rdpmux.control.Done;
import org.rdpmux.control.Json;
import org.rdpmux.daemon.endpoint.ConsoleId;
import org.rdpmux.daemon.event.AgentEvent;
import org.rdpmux.daemon.event.AgentEvents;
import org.rdpmux.security.access.AuditEvent;
import org.rdpmux.server.ConsoleStatus;
import org.rdpmux.server.ViewerStatus;

@Timeout(60)
class EventLogTest {

    private static final Duration PATIENT = Duration.ofSeconds(30);
    private static final ConsoleId WEB = new ConsoleId.Named("web");

    @TempDir
    Path directory;

    private final AgentEvents events = new AgentEvents();
    private EventLoopGroup loop;
    private EventLog log;
    private ControlServer server;

    @BeforeEach
    void listen() throws Exception {
        loop = new MultiThreadIoEventLoopGroup(
                1, new DefaultThreadFactory("control-test", true), EpollIoHandler.newFactory());
        log = new EventLog(events, loop, Clock.systemUTC());
        log.start();
        server = ControlServer.listen(
                loop,
                new ControlServer.Terms(directory.resolve("control.sock"), "", "control.group", false, PATIENT),
                new ControlServer.Sources(
                        (request, peer) -> CompletableFuture.completedFuture(new Reply.Ok(Done.of())),
                        log,
                        new SilentMonitor()));
    }

    @AfterEach
    void close() {
        server.close();
        log.close();
        loop.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private RawClient watching(String lastEventId) throws Exception {
        RawClient client = new RawClient(server.socket());
        client.say("GET /v1/events HTTP/1.1\r\nHost: rdpmux\r\nLast-Event-ID: " + lastEventId + "\r\n\r\n");
        RawClient.Answer head = client.hearHead();
        assertEquals(200, head.status());
        assertEquals("text/event-stream", head.fields().get("content-type"));
        return client;
    }

    private static Map<?, ?> hear(RawClient client) throws Exception {
        return (Map<?, ?>) Json.parse(client.hearEvent());
    }

    private void publish(int from, int to) {
        for (int i = from; i < to; i++) {
            String problem = "problem " + i;
            events.publish(() -> new AgentEvent.ProblemFound(problem));
        }
    }

    @Test
    void sendsEventsAsTheyHappenAsServerSentEvents() throws Exception {
        try (RawClient client = watching("")) {
            events.publish(() -> new AgentEvent.ConsoleAppeared(WEB, "web1", "running"));
            client.line(); // the length of the chunk
            String id = client.line();
            assertTrue(id.matches("id: [0-9a-z]+-1"), id);
            assertEquals("event: console-appeared", client.line());
            String data = client.line();
            assertTrue(data.startsWith("data: {\"id\":\"" + id.substring(4) + "\",\"time\":\"20"), data);
            assertTrue(
                    data.endsWith("\"event\":\"console-appeared\",\"console\":\"web1\",\"consoleId\":\"console:web\","
                            + "\"state\":\"running\",\"uri\":\"\",\"viewer\":0,\"user\":\"\",\"address\":\"\",\"lost\":0,"
                            + "\"detail\":\"is known now\"}"),
                    data);
            assertEquals("", client.line());
            events.publish(() -> new AgentEvent.EndpointFailed(WEB, "no port is free"));
            Map<?, ?> failed = hear(client);
            assertEquals("web1", failed.get("console"));
            assertEquals("no port is free", failed.get("detail"));
        }
    }

    @Test
    void whoComesBackGetsWhatItMissed() throws Exception {
        publish(0, 3);
        String last;
        try (RawClient client = watching("none")) {
            assertEquals(-1L, hear(client).get("lost"));
            assertEquals("problem 0", hear(client).get("detail"));
            last = (String) hear(client).get("id");
        }
        publish(3, 5);
        try (RawClient client = watching(last)) {
            for (int i = 2; i < 5; i++) {
                assertEquals("problem " + i, hear(client).get("detail"));
            }
            publish(5, 6);
            assertEquals("problem 5", hear(client).get("detail"));
        }
    }

    @Test
    void whoWasAwayForTooLongIsToldHowManyItMissed() throws Exception {
        publish(0, 1);
        String first;
        try (RawClient client = watching("none")) {
            hear(client);
            first = (String) hear(client).get("id");
        }
        publish(1, 1 + EventLog.KEPT + 10);
        try (RawClient client = watching(first)) {
            Map<?, ?> lost = hear(client);
            assertEquals("lost", lost.get("event"));
            assertEquals(10L, lost.get("lost"));
            Map<?, ?> next = hear(client);
            assertEquals("problem 11", next.get("detail"));
            // Whoever ends after the word on what is lost goes on from there.
            try (RawClient again = watching((String) lost.get("id"))) {
                assertEquals(next, hear(again));
            }
        }
    }

    @Test
    void anIdOfAnotherLifeOrNoneAtAllIsNotTakenForOneOfThisLife() throws Exception {
        publish(0, 1);
        String life;
        try (RawClient client = watching("none")) {
            life = ((String) hear(client).get("id")).replaceFirst("-.*", "");
        }
        for (String id : List.of(life + "-99", life + "x-0", "0-0", life, life + "--1", "x".repeat(1000), "ü")) {
            try (RawClient client = watching(id)) {
                assertEquals(-1L, hear(client).get("lost"), id);
                assertEquals("problem 0", hear(client).get("detail"), id);
            }
        }
    }

    @Test
    void aSlowClientLosesEventsAndDelaysNobody() throws Exception {
        int count = 6000;
        try (RawClient slow = watching("");
                RawClient quick = watching("")) {
            for (int i = 0; i < count; i += 500) {
                publish(i, i + 500);
                while (!("problem " + (i + 499)).equals(hear(quick).get("detail"))) {
                    // on to the last one
                }
            }
            long lost = 0;
            long heard = 0;
            Object detail = "";
            while (!detail.equals("problem " + (count - 1))) {
                Map<?, ?> event = hear(slow);
                lost += (Long) event.get("lost");
                heard += event.get("event").equals("lost") ? 0 : 1;
                detail = event.get("detail");
            }
            assertTrue(lost > 0, "nothing was lost: the client was not slow");
            assertEquals(count, lost + heard);
        }
    }

    @Test
    void thereIsRoomForSoManyStreamsAndForTheNextWhenOneEnds() throws Exception {
        List<RawClient> clients = new ArrayList<>();
        try {
            for (int i = 0; i < EventLog.MAX_STREAMS; i++) {
                clients.add(watching(""));
            }
            try (RawClient tooMany = new RawClient(server.socket())) {
                tooMany.say(RawClient.request("GET /v1/events"));
                assertEquals(503, tooMany.hear().status());
                assertTrue(tooMany.isAtEnd());
            }
            clients.remove(0).close();
            Optional<RawClient> next = Optional.empty();
            for (long end = System.nanoTime() + PATIENT.toNanos(); next.isEmpty() && System.nanoTime() < end; ) {
                RawClient client = new RawClient(server.socket());
                clients.add(client);
                client.say(RawClient.request("GET /v1/events"));
                next = Optional.of(client).filter(begun -> status(begun) == 200);
            }
            assertTrue(next.isPresent(), "the stream that ended still counts");
        } finally {
            for (RawClient client : clients) {
                client.close();
            }
        }
    }

    private static int status(RawClient client) {
        try {
            return client.hearHead().status();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void whoAsksWhileItWatchesIsCutOff() throws Exception {
        try (RawClient client = watching("")) {
            client.say(RawClient.request("POST /v1/reload"));
            assertTrue(client.isAtEnd());
        }
    }

    /** One of each kind. */
    private static List<AgentEvent> everyEvent() {
        InetSocketAddress address = new InetSocketAddress("127.0.0.1", 3901);
        ViewerStatus viewer = new ViewerStatus(
                7,
                address,
                "desk",
                "ann",
                false,
                Instant.EPOCH,
                1,
                1,
                32,
                0,
                0,
                Set.of(),
                ViewerStatus.State.ACTIVE,
                OptionalLong.empty(),
                OptionalLong.empty());
        ConsoleStatus status = new ConsoleStatus(
                "web1", "VNC", 640, 480, ConsoleStatus.DisplayState.FAILED, "gone", 0, ConsoleStatus.Counters.ZERO);
        AuditEvent decision = new AuditEvent(
                Instant.EPOCH,
                AuditEvent.Action.LOGIN,
                "wrong-credentials",
                new AuditEvent.Subject("", "eve", "", ""),
                AuditEvent.Place.at(address, "web1", "nla"),
                Duration.ZERO);
        return List.of(
                new AgentEvent.ConsoleAppeared(WEB, "web1", "running"),
                new AgentEvent.ConsoleChanged(WEB, "web1", "paused"),
                new AgentEvent.DisplayChanged(WEB, status),
                new AgentEvent.EndpointOpened(WEB, address),
                new AgentEvent.EndpointClosed(WEB, address),
                new AgentEvent.EndpointFailed(WEB, "a problem"),
                new AgentEvent.ViewerJoined(WEB, viewer),
                new AgentEvent.ViewerLeft(WEB, viewer),
                new AgentEvent.ConsoleGone(WEB, "web1"),
                new AgentEvent.AccessDecided(decision),
                new AgentEvent.ConfigurationReloaded(List.of("a", "b")),
                new AgentEvent.ConfigurationRefused(List.of("c")),
                new AgentEvent.LibvirtConnected("qemu:///system"),
                new AgentEvent.LibvirtDisconnected("qemu:///system", "gone"),
                new AgentEvent.ProblemFound("a problem"),
                new AgentEvent.ProblemSolved("a problem"));
    }

    @Test
    void everyKindOfEventIsReported() throws Exception {
        Set<Class<?>> kinds = Stream.concat(
                        Stream.of(AgentEvent.class.getPermittedSubclasses()),
                        Stream.of(AgentEvent.OfConsole.class.getPermittedSubclasses()))
                .filter(Class::isRecord)
                .collect(Collectors.toSet());
        assertEquals(kinds, everyEvent().stream().map(Object::getClass).collect(Collectors.toSet()));
        try (RawClient client = watching("")) {
            Set<Object> names = new HashSet<>();
            for (AgentEvent event : everyEvent()) {
                events.publish(() -> event);
                Map<?, ?> report = hear(client);
                names.add(report.get("event"));
                assertTrue(!report.get("detail").equals(""), report::toString);
                assertEquals(
                        event instanceof AgentEvent.OfConsole ? "web1" : "",
                        event instanceof AgentEvent.AccessDecided ? "" : report.get("console"));
            }
            assertEquals(everyEvent().size(), names.size());
        }
    }
}
