// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon.control;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.rdpmux.control.ControlClient;
import org.rdpmux.control.Request;
import org.rdpmux.control.Screenshot;
import org.rdpmux.daemon.event.AgentEvents;

/** Replies that take their time, and pictures. */
@Timeout(60)
class SlowRepliesTest {

    private static final Duration PATIENT = Duration.ofSeconds(30);
    private static final Request.TakeScreenshot SCREENSHOT = new Request.TakeScreenshot("web1");

    private static EventLoopGroup loop;

    @TempDir
    Path directory;

    @BeforeAll
    static void startLoop() {
        loop = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    }

    @AfterAll
    static void stopLoop() {
        loop.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private ControlServer listen(boolean readOnly, ControlServer.Handler handler) throws IOException {
        return ControlServer.listen(
                loop,
                new ControlServer.Terms(directory.resolve("c.sock"), "", "control.group", readOnly, PATIENT),
                new ControlServer.Sources(
                        handler, new EventLog(new AgentEvents(), loop, Clock.systemUTC()), new SilentMonitor()));
    }

    @Test
    void learnsThatAClientHasGoneWhileItsRequestIsWorkedOn() throws Exception {
        CompletableFuture<Client> asking = new CompletableFuture<>();
        CompletableFuture<Reply> reply = new CompletableFuture<>();
        try (ControlServer server = listen(false, (request, client) -> {
            asking.complete(client);
            return reply;
        })) {
            try (RawClient client = new RawClient(server.socket())) {
                client.say(RawClient.request("GET /v1/consoles/web1/screenshot"));
                asking.get();
            }
            asking.get().gone().toCompletableFuture().get();
        }
    }

    @Test
    void aPictureIsHeldUntilTheClientHasTakenIt() throws Exception {
        byte[] png = new byte[4 * 1024 * 1024];
        png[png.length - 1] = 1;
        CompletableFuture<Void> sent = new CompletableFuture<>();
        try (ControlServer server = listen(
                false,
                (request, client) ->
                        CompletableFuture.completedFuture(new Reply.Picture(png, 17, () -> sent.complete(null))))) {
            try (RawClient raw = new RawClient(server.socket())) {
                raw.say(RawClient.request("GET /v1/consoles/web1/screenshot"));
                RawClient.Answer head = raw.hearHead();
                assertEquals("image/png", head.fields().get("content-type"));
                assertFalse(sent.isDone(), "more than fits into a socket was not read yet");
            }
            sent.get();
        }
    }

    @Test
    void clientsGetPicturesAsTheyAre() throws Exception {
        byte[] png = {(byte) 0x89, 'P', 'N', 'G', 0, (byte) 0xff};
        CompletableFuture<Void> sent = new CompletableFuture<>();
        try (ControlServer server = listen(
                        false,
                        (request, client) -> CompletableFuture.completedFuture(
                                new Reply.Picture(png, 17, () -> sent.complete(null))));
                ControlClient client = ControlClient.connect(server.socket(), PATIENT);
                RawClient raw = new RawClient(server.socket())) {
            Screenshot screenshot = client.screenshot(SCREENSHOT);
            assertArrayEquals(png, screenshot.png());
            assertEquals(17, screenshot.version());
            sent.get();
            raw.say(RawClient.request("HEAD /v1/consoles/web1/screenshot"));
            assertEquals("6", raw.hearHead().fields().get("content-length"));
        }
    }

    @Test
    void whoMayOnlyLookSeesNoScreens() throws Exception {
        try (ControlServer server = listen(true, (request, client) -> {
                    throw new AssertionError("asked for " + request);
                });
                ControlClient client = ControlClient.connect(server.socket(), PATIENT)) {
            String why = assertThrows(ControlClient.RefusedException.class, () -> client.screenshot(SCREENSHOT))
                    .getMessage();
            assertTrue(why.startsWith("the screens of guests are not shown at control-ro.sock; ask at"), why);
        }
    }
}
