// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.console;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.rdpmux.display.ArrayFramebuffer;
import org.rdpmux.display.PixelBudget;
import org.rdpmux.server.ViewerStatus.Codec;
import org.rdpmux.server.screen.FakeVideo;
import org.rdpmux.testkit.junit.NoLeaks;

/** Viewers of a guest that shows a film, who can be sent it as a stream. */
@ExtendWith(NoLeaks.class)
class VideoViewersTest {

    private static final long MS = TestConsole.MS;
    private static final int WIDTH = 1280;
    private static final int HEIGHT = 640;

    private final FakeVideo video = new FakeVideo();
    private final TestConsole test = new TestConsole(PixelBudget.unlimited(), Optional.of(video));
    private final Random random = new Random(1);

    @BeforeEach
    void largeScreen() {
        test.guest = new ArrayFramebuffer(WIDTH, HEIGHT);
    }

    @AfterEach
    void close() {
        test.close();
        assertEquals(video.made.get(), video.closed.get(), "encoders that were made, and closed");
    }

    private FakeClient join() {
        FakeClient client = test.join();
        client.profile = FakeClient.PLAIN.withVideo(true);
        return client;
    }

    /** One that sees the guest. */
    private FakeClient joined() {
        FakeClient client = join();
        if (test.displays.isEmpty() || client.offeredWidth == 0) {
            test.display().listener.resized(test.guest);
            test.loop.run();
        }
        client.activate(true);
        test.settle(client);
        return client;
    }

    /** The next picture of a film that fills the screen. */
    private void film() {
        Arrays.setAll(test.guest.pixels(), i -> random.nextInt(1 << 24));
        test.display().listener.damaged(test.guest.bounds());
        test.loop.pass(40 * MS);
        test.encoded();
    }

    private void films(int pictures) {
        for (int i = 0; i < pictures; i++) {
            film();
        }
    }

    private Set<Codec> codecs(FakeClient client) {
        return client.viewer.report().status(test.loop.now()).orElseThrow().codecs();
    }

    private void assertExact(FakeClient client) {
        for (int i = 0; i < 200 && !Arrays.equals(test.guest.pixels(), client.picture); i++) {
            test.loop.pass(10 * MS);
            test.encoded();
        }
        assertArrayEquals(test.guest.pixels(), client.picture);
    }

    @Test
    void aFilmIsOneStreamForAllAndExactOnceItRests() {
        FakeClient first = joined();
        FakeClient second = joined();
        films(5);
        assertEquals(1, video.made.get());
        assertTrue(first.frames >= 3, first.frames + " frames");
        assertEquals(first.frames, second.frames);
        assertEquals(1, first.keyFrames);
        assertEquals(Set.of(Codec.UNCOMPRESSED, Codec.H264), codecs(second));
        second.activate(true);
        test.settle(second);
        assertEquals(Set.of(Codec.UNCOMPRESSED), codecs(second), "since then");
        assertExact(first);
        assertExact(second);
    }

    /** Tiles of plain pixels are so large that a batch has two of them. */
    @Test
    void aPictureOfAFilmIsWholeHoweverLittleTheLinkTakes() {
        FakeClient slow = join();
        test.display().listener.resized(test.guest);
        test.loop.run();
        slow.frameLimit = 2;
        slow.activate(true);
        for (int i = 0; i < 100 && slow.frames < 3; i++) {
            film();
            slow.acknowledge();
        }
        assertEquals(WIDTH * HEIGHT, slow.framePixels);
    }

    @Test
    void whoNeverAcknowledgesDelaysNobodyAndIsGivenAKeyFrameInTheEnd() {
        FakeClient stuck = joined();
        FakeClient other = joined();
        films(3);
        stuck.fast = false;
        int before = other.frames;
        films(20);
        assertTrue(other.frames - before >= 15, other.frames - before + " frames beside one who is stuck");
        stuck.fast = true;
        stuck.drain();
        int keys = stuck.keyFrames;
        for (int i = 0; i < 100 && stuck.keyFrames == keys; i++) {
            film();
        }
        assertTrue(stuck.keyFrames > keys);
        assertExact(stuck);
    }

    @Test
    void viewersWhoComeAndGoLeaveNoEncoderBehind() {
        test.guest = new ArrayFramebuffer(320, 256);
        for (int i = 0; i < 100; i++) {
            FakeClient viewer = joined();
            films(2);
            viewer.post(new ToConsole.Left());
            test.loop.run();
            test.encoded();
            assertEquals(video.made.get(), video.closed.get());
        }
        assertTrue(video.made.get() >= 50, video.made + " encoders");
    }

    @Test
    void aScreenOfAnotherSizeHasAnotherEncoder() {
        FakeClient viewer = joined();
        for (int i = 0; i < 10; i++) {
            films(3);
            test.guest = new ArrayFramebuffer(640 - 64 * (i % 3), 320 - 64 * (i % 2));
            test.display().listener.resized(test.guest);
            test.loop.run();
            viewer.activate(true);
            test.encoded();
            assertEquals(video.made.get(), video.closed.get(), "while nothing moves");
        }
        films(3);
        assertEquals(video.made.get(), video.closed.get() + 1);
        assertExact(viewer);
    }

    @Test
    void withoutTheLibraryOrWhereItFailsTilesGoOn() {
        video.absent = true;
        FakeClient viewer = joined();
        films(3);
        assertEquals(0, viewer.frames);
        assertExact(viewer);
        viewer.post(new ToConsole.Left());
        test.loop.run();
        test.encoded();
        video.absent = false;
        FakeClient next = joined();
        films(3);
        assertTrue(next.frames > 0);
        video.fails = true;
        int frames = next.frames;
        films(3);
        assertEquals(frames, next.frames);
        assertExact(next);
        assertFalse(test.told.isEmpty());
    }
}
