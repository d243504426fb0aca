// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.rdpmux.display.ArrayFramebuffer;
import org.rdpmux.display.PointerShape;
import org.rdpmux.display.Rect;
import org.rdpmux.pdu.share.InclusiveRect;
import org.rdpmux.testkit.rdp.ClientOptions;
import org.rdpmux.testkit.rdp.PointerState;
import org.rdpmux.testkit.rdp.RdpClient;

/** What clients see of the guest: pixels and pointers. */
class RdpPicturesTest extends RdpServerFixture {

    @ParameterizedTest
    @ValueSource(ints = {32, 24, 16, 15})
    void aClientSeesTheGuestPixelForPixel(int bits) throws IOException {
        RdpClient client = connect(ClientOptions.DEFAULT.withGraphics(ClientOptions.MODERN.withBitsPerPixel(bits)));
        awaitPicture(client, bits);
        assertEquals(bits, console.viewers().get(0).bitsPerPixel());
    }

    @Test
    void anOldClientSeesTheGuestOnTheSlowPath() throws IOException {
        awaitPicture(connect(ClientOptions.DEFAULT.withGraphics(ClientOptions.OLD)), 16);
    }

    @Test
    void aClientWithoutFragmentsOrAcknowledgementsSeesTheGuest() throws IOException {
        awaitPicture(
                connect(ClientOptions.DEFAULT.withGraphics(
                        ClientOptions.MODERN.withMaxUpdateSize(0).withAcknowledgeFrames(false))),
                32);
    }

    @Test
    void changesReachTheClient() throws IOException {
        RdpClient client = connect();
        awaitPicture(client, 32);
        for (int i = 0; i < 10; i++) {
            guest.paint(new Rect(i * 10, i * 5, 30, 30), i * 0x0b0b0b);
            awaitPicture(client, 32);
        }
    }

    @Test
    void aStillScreenSendsNothing() throws IOException {
        RdpClient client = connect();
        awaitPicture(client, 32);
        awaitFlowsDry(client);
        long bytes = client.counters().bytes();
        guest.damaged(new Rect(0, 0, 301, 203));
        assertThrows(
                AssertionError.class,
                () -> client.await("bytes", c -> c.counters().bytes() != bytes, Duration.ofMillis(300)));
    }

    @ParameterizedTest
    @CsvSource({"640,480", "1024,768", "63,65", "1,1", "641,3"})
    void aModeChangeReachesTheClient(int width, int height) throws IOException {
        RdpClient client = connect();
        awaitPicture(client, 32);
        guest.resize(width, height);
        awaitPicture(client, 32);
        guest.resize(300, 200);
        awaitPicture(client, 32);
        assertEquals(3, client.counters().activations());
    }

    @Test
    void modeChangesInAHurryEndAtTheLast() throws IOException {
        RdpClient client = connect();
        for (int i = 1; i <= 50; i++) {
            guest.resize(100 + i * 7, 50 + i);
        }
        awaitPicture(client, 32);
        assertEquals(450, console.status().width());
    }

    @Test
    void aClientThatCannotResizeSeesWhatFits() throws IOException {
        RdpClient client = connect(ClientOptions.DEFAULT.withDesktop(new ClientOptions.Desktop(301, 203, false)));
        awaitPicture(client, 32);
        for (int[] size : new int[][] {{400, 100}, {200, 300}}) {
            guest.resize(size[0], size[1]);
            ArrayFramebuffer picture = guest.framebuffer();
            client.await("the part that fits", c -> {
                int[] screen = c.screen();
                return c.width() == 301 && matches(screen, picture, Math.min(301, size[0]), Math.min(203, size[1]));
            });
        }
        assertEquals(1, client.counters().activations());
    }

    @Test
    void aStuckClientDelaysNobodyAndCatchesUp() throws IOException {
        guest.resize(1024, 768);
        RdpClient stuck = connect();
        RdpClient other = connect();
        awaitPicture(stuck, 32);
        awaitPicture(other, 32);
        stuck.pause();
        for (int i = 0; i < 20; i++) {
            noise(i);
            awaitPicture(other, 32);
        }
        await(
                "the stuck client to be called slow",
                () -> console.viewers().stream().anyMatch(viewer -> viewer.state() == ViewerStatus.State.SLOW));
        stuck.resume();
        awaitPicture(stuck, 32);
    }

    @Test
    void pointersReachTheClientAndComeFromItsCacheTheSecondTime() throws IOException {
        RdpClient client = connect();
        awaitPicture(client, 32);
        awaitFlowsDry(client);
        PointerShape.Image green = pointer(20, 0xff00ff00);
        guest.pointer(green);
        client.await("a shape", c -> isShape(c, 20));
        guest.pointer(new PointerShape.Hidden());
        client.await("no pointer", c -> c.pointer().kind() == PointerState.Kind.HIDDEN);
        guest.pointer(pointer(384, 0xff0000ff));
        client.await("a large shape", c -> isShape(c, 384));
        long bytes = client.counters().bytes();
        guest.pointer(green);
        client.await("the first shape", c -> isShape(c, 20));
        assertTrue(client.counters().bytes() - bytes < 100, "it is in the client's cache");
    }

    @ParameterizedTest
    @ValueSource(ints = {16, 40, 96, 200, 384})
    void clientsWithSmallerPointersGetAPart(int side) throws IOException {
        RdpClient client = connect(ClientOptions.DEFAULT.withGraphics(ClientOptions.OLD));
        guest.pointer(pointer(side, 0xff00ff00));
        client.await("a shape", c -> isShape(c, Math.min(side, 32)));
        assertEquals(List.of(), client.violations());
    }

    @Test
    void aSilencedClientGetsNothingAndThenEverything() throws IOException {
        RdpClient client = connect();
        awaitPicture(client, 32);
        client.suppressOutput(Optional.empty());
        await("silence", () -> console.viewers().get(0).state() == ViewerStatus.State.SUSPENDED);
        awaitFlowsDry(client);
        long bytes = client.counters().bytes();
        noise(5);
        assertThrows(
                AssertionError.class,
                () -> client.await("bytes", c -> c.counters().bytes() != bytes, Duration.ofMillis(200)));
        client.suppressOutput(Optional.of(new InclusiveRect(0, 0, 300, 202)));
        awaitPicture(client, 32);
    }

    @Test
    void aRefreshBringsTheAreaAgain() throws IOException {
        RdpClient client = connect();
        awaitPicture(client, 32);
        awaitFlowsDry(client);
        long bitmaps = client.counters().bitmaps();
        client.refresh(new InclusiveRect(0, 0, 64, 10), new InclusiveRect(5, 5, 1, 1));
        client.await("two tiles", c -> c.counters().bitmaps() == bitmaps + 2);
    }

    private static boolean matches(int[] screen, ArrayFramebuffer picture, int width, int height) {
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                if (screen[y * 301 + x] != picture.pixels()[y * picture.width() + x]) {
                    return false;
                }
            }
        }
        return true;
    }

    private static PointerShape.Image pointer(int side, int colour) {
        int[] pixels = new int[side * side];
        Arrays.fill(pixels, 0, side * side / 2, colour);
        return new PointerShape.Image(side, side, side / 2, 0, pixels, new boolean[0]);
    }

    private static boolean isShape(RdpClient client, int side) {
        PointerState pointer = client.pointer();
        return pointer.kind() == PointerState.Kind.SHAPE
                && pointer.shape().orElseThrow().pixels().width() == side
                && pointer.shape().orElseThrow().pixels().height() == side;
    }
}
