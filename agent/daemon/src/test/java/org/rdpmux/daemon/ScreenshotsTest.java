// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import io.netty.handler.codec.http.HttpResponseStatus;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.rdpmux.daemon.control.Reply;
import org.rdpmux.display.PixelBudget;
import org.rdpmux.display.Rect;
import org.rdpmux.server.Console;
import org.rdpmux.server.ConsoleUnavailableException;
import org.rdpmux.server.ScreenPicture;

@Timeout(60)
class ScreenshotsTest {

    private final PixelBudget budget = new PixelBudget(1000);
    private final CompletableFuture<Void> gone = new CompletableFuture<>();
    private final Screenshots screenshots = new Screenshots();
    private final List<CompletableFuture<ScreenPicture>> asked = new ArrayList<>();
    private final Console console = mock(Console.class);

    ScreenshotsTest() {
        when(console.picture(Rect.EMPTY)).thenAnswer(call -> {
            asked.add(new CompletableFuture<>());
            return asked.get(asked.size() - 1);
        });
    }

    @AfterEach
    void close() {
        screenshots.close();
    }

    private CompletableFuture<Reply> take() {
        return screenshots.take(console, Rect.EMPTY, gone).toCompletableFuture();
    }

    private static String refusal(HttpResponseStatus status, CompletableFuture<Reply> reply) throws Exception {
        Reply.Refused refused = assertInstanceOf(Reply.Refused.class, reply.get(30, TimeUnit.SECONDS));
        assertEquals(status, refused.status());
        return refused.reason();
    }

    private ScreenPicture picture() {
        ScreenPicture picture = new ScreenPicture(20, 10, 17, budget.reserve(20, 10));
        picture.pixels()[3 * 20 + 5] = 0x123456;
        return picture;
    }

    @Test
    void encodesThePictureAndGivesItsPixelsBack() throws Exception {
        CompletableFuture<Reply> reply = take();
        asked.get(0).complete(picture());
        Reply.Picture png = assertInstanceOf(Reply.Picture.class, reply.get(30, TimeUnit.SECONDS));
        BufferedImage read = ImageIO.read(new ByteArrayInputStream(png.png()));
        assertEquals(20, read.getWidth());
        assertEquals(0x123456, read.getRGB(5, 3) & 0xffffff);
        assertEquals(17, png.version());
        assertEquals(0, budget.used());
    }

    @Test
    void refusesMoreThanAreLetIntoMemoryUntilOneIsSent() throws Exception {
        List<CompletableFuture<Reply>> replies = new ArrayList<>();
        for (int i = 0; i < Screenshots.AT_ONCE; i++) {
            replies.add(take());
        }
        assertTrue(refusal(HttpResponseStatus.SERVICE_UNAVAILABLE, take()).contains("try again"));
        asked.get(0).complete(picture());
        Reply.Picture encoded = (Reply.Picture) replies.get(0).get(30, TimeUnit.SECONDS);
        refusal(HttpResponseStatus.SERVICE_UNAVAILABLE, take());
        encoded.sent().run();
        assertFalse(take().isDone());
        refusal(HttpResponseStatus.SERVICE_UNAVAILABLE, take());
    }

    @Test
    void saysWhyThereIsNone() throws Exception {
        for (int i = 0; i <= Screenshots.AT_ONCE; i++) {
            CompletableFuture<Reply> reply = take();
            asked.get(i).completeExceptionally(new ConsoleUnavailableException("the guest is on fire"));
            assertEquals("the guest is on fire", refusal(HttpResponseStatus.CONFLICT, reply));
        }
    }

    @Test
    void whoeverHasGoneGivesUpItsPlace() throws Exception {
        List<CompletableFuture<Reply>> replies = new ArrayList<>();
        for (int i = 0; i < Screenshots.AT_ONCE; i++) {
            replies.add(take());
        }
        gone.complete(null);
        for (CompletableFuture<Reply> reply : replies) {
            refusal(HttpResponseStatus.CONFLICT, reply);
        }
        assertTrue(asked.stream().allMatch(CompletableFuture::isCancelled));
        assertInstanceOf(Reply.Refused.class, take().get(30, TimeUnit.SECONDS));
        assertEquals(Screenshots.AT_ONCE + 1, asked.size(), "it was asked for");
    }
}
