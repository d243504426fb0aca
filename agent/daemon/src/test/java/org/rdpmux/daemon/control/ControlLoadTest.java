// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.rdpmux.control.Done;
import org.rdpmux.daemon.event.AgentEvents;

/** The control socket when many ask at once, some of them nonsense. */
@Timeout(120)
class ControlLoadTest {

    private static final Duration PATIENT = Duration.ofSeconds(60);
    private static final int CLIENTS = 1000;

    @TempDir
    Path directory;

    private EventLoopGroup loop;
    private ControlServer server;

    @BeforeEach
    void listen() throws IOException {
        loop = new MultiThreadIoEventLoopGroup(
                1, new DefaultThreadFactory("control-test", true), EpollIoHandler.newFactory());
        server = ControlServer.listen(
                loop,
                new ControlServer.Terms(directory.resolve("control.sock"), "", "control.group", false, PATIENT),
                new ControlServer.Sources(
                        (request, peer) -> CompletableFuture.completedFuture(new Reply.Ok(Done.of(request.toString()))),
                        new EventLog(new AgentEvents(), loop, Clock.systemUTC()),
                        new SilentMonitor()));
    }

    @AfterEach
    void close() {
        server.close();
        loop.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }

    /** A request of its own for each client: of every sort that there is. */
    private static String request(int client) {
        return switch (client % 5) {
            case 0 -> RawClient.request("GET /v1/consoles/" + client);
            case 1 -> RawClient.request("POST /v1/tickets", "{\"console\":\"" + client + "\"}");
            case 2 -> RawClient.request("GET /v1/%zz" + client);
            case 3 ->
                ("POST /v1/users HTTP/1.1\r\nHost: rdpmux\r\nContent-Length: 1\r\nContent-Length: " + client
                        + "\r\n\r\n");
            default -> {
                byte[] noise = new byte[20_000];
                new Random(client).nextBytes(noise);
                yield new String(noise, StandardCharsets.ISO_8859_1);
            }
        };
    }

    private static List<Integer> expected(int client) {
        return switch (client % 5) {
            case 0 -> List.of(200, 503);
            case 1 -> List.of(201, 503);
            case 2, 3 -> List.of(400, 503);
            default -> List.of(400, 414, 503);
        };
    }

    private int ask(int client) throws IOException {
        try (RawClient raw = new RawClient(server.socket())) {
            raw.sayIfHeard(request(client)); // what is noise may be answered before all of it is sent
            RawClient.Answer answer = raw.hear();
            assertTrue(expected(client).contains(answer.status()), client + ": " + answer);
            if (answer.status() < 300) {
                assertTrue(answer.body().contains("[console=" + client), "the answer to another: " + answer);
            }
            return answer.status();
        }
    }

    @Test
    void aThousandRequestsSideBySideAreEachAnsweredOnceAndRight() throws Exception {
        ExecutorService many = Executors.newFixedThreadPool(60);
        try {
            List<Callable<Integer>> asking = new ArrayList<>();
            for (int client = 0; client < CLIENTS; client++) {
                int number = client;
                asking.add(() -> ask(number));
            }
            Map<Integer, Integer> statuses = new TreeMap<>();
            for (Future<Integer> answered : many.invokeAll(asking)) {
                statuses.merge(answered.get(), 1, Integer::sum);
            }
            assertEquals(
                    CLIENTS,
                    statuses.values().stream().mapToInt(Integer::intValue).sum());
            assertTrue(statuses.getOrDefault(200, 0) > 0 && statuses.getOrDefault(400, 0) > 0, statuses::toString);
        } finally {
            many.shutdownNow();
        }
    }

    /** Those beyond the bound cost nothing, and nobody is kept out once they have left. */
    @Test
    void aThousandThatSayNothingTakeNoMorePlacesThanThereAre() throws Exception {
        List<RawClient> silent = new ArrayList<>();
        try {
            for (int client = 0; client < CLIENTS; client++) {
                silent.add(new RawClient(server.socket()));
            }
            for (RawClient client : silent.subList(ControlServer.MAX_CONNECTIONS, CLIENTS)) {
                assertTrue(client.isAtEnd());
            }
            RawClient told = silent.get(ControlServer.MAX_CONNECTIONS - 1);
            told.say(RawClient.request("GET /v1/status"));
            assertEquals(503, told.hear().status());
            silent.get(0).say(RawClient.request("GET /v1/status"));
            assertEquals(200, silent.get(0).hear().status());
        } finally {
            for (RawClient client : silent) {
                client.close();
            }
        }
        long end = System.nanoTime() + PATIENT.toNanos();
        while (status() != 200) {
            assertTrue(System.nanoTime() < end, "they still take places");
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }

    /** 0 if there is no answer. */
    private int status() {
        try (RawClient client = new RawClient(server.socket())) {
            client.say(RawClient.request("GET /v1/status"));
            return client.hear().status();
        } catch (IOException e) {
            return 0;
        }
    }
}
