// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.console;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.rdpmux.codec.VideoEncoderProvider;
import org.rdpmux.display.ArrayFramebuffer;
import org.rdpmux.display.InputEvent;
import org.rdpmux.display.PixelBudget;
import org.rdpmux.security.access.AuditEvent;
import org.rdpmux.server.ClipboardPolicy;
import org.rdpmux.server.ConsoleListener;
import org.rdpmux.server.ConsoleStatus;
import org.rdpmux.server.ConsoleStatus.DisplayState;
import org.rdpmux.server.DisconnectReason;
import org.rdpmux.server.FakeDisplay;
import org.rdpmux.server.Resizing;
import org.rdpmux.server.ServerOptions;
import org.rdpmux.server.SoundPolicy;
import org.rdpmux.server.ViewerStatus;
import org.rdpmux.server.screen.EncoderPool;

/** A console on a loop that the test runs, real encoders, and a guest whose screen the test paints. */
final class TestConsole {

    static final long MS = 1_000_000;
    static final long SECOND = 1_000 * MS;
    static final long LINGER = 5 * SECOND;

    final ManualLoop loop = new ManualLoop();
    final EncoderPool encoders = new EncoderPool(2);
    final List<FakeDisplay> displays = new ArrayList<>();
    final GuestConsole console;
    ArrayFramebuffer guest = painted(300, 200, 1);
    /** What the console's listener was told. */
    final List<String> told = new ArrayList<>();

    final List<AuditEvent> audited = new ArrayList<>();

    private long keyGapNanos;
    private long ids;

    private final ConsoleListener heard = new ConsoleListener() {
        @Override
        public void displayChanged(ConsoleStatus status) {
            told.add(status.state() + " " + status.width() + "x" + status.height());
        }

        @Override
        public void viewerJoined(ViewerStatus viewer) {
            told.add("joined " + viewer.id());
        }

        @Override
        public void viewerLeft(ViewerStatus viewer) {
            told.add("left " + viewer.id());
        }
    };

    TestConsole() {
        this(PixelBudget.unlimited());
    }

    TestConsole(PixelBudget pixels) {
        this(pixels, Optional.empty());
    }

    TestConsole(PixelBudget pixels, Optional<VideoEncoderProvider> video) {
        this(pixels, video, new ClipboardPolicy(true, true, 1000));
    }

    TestConsole(ClipboardPolicy clipboard) {
        this(PixelBudget.unlimited(), Optional.empty(), clipboard);
    }

    private TestConsole(PixelBudget pixels, Optional<VideoEncoderProvider> video, ClipboardPolicy clipboard) {
        console = new GuestConsole(
                "web1",
                this::newDisplay,
                new GuestConsole.Options(
                        30,
                        LINGER,
                        new ServerOptions.Display(new Resizing(true, true), clipboard, SoundPolicy.ALL),
                        audited::add,
                        encoders,
                        video,
                        pixels,
                        new ProbeQueue(ProbeQueue.AT_ONCE),
                        heard),
                loop);
        loop.run();
    }

    void close() {
        console.close(DisconnectReason.SERVER_STOPPED);
        loop.run();
        encoded(); // a job that nobody finishes keeps its bytes for ever
        encoders.close();
        assertTrue(displays.stream().allMatch(display -> display.closed));
    }

    /** Makes this display and those to come ask for a gap between keys. */
    void keyGap(long nanos) {
        keyGapNanos = nanos;
        display().keyGapNanos = nanos;
    }

    FakeDisplay newDisplay() {
        FakeDisplay display = new FakeDisplay();
        display.keyGapNanos = keyGapNanos;
        displays.add(display);
        return display;
    }

    FakeDisplay display() {
        return displays.get(displays.size() - 1);
    }

    FakeClient join() {
        FakeClient link = new FakeClient();
        link.inbox = console.join(++ids, loop::execute, link::on);
        loop.run();
        link.viewer = console.allViewers().stream()
                .filter(viewer -> viewer.inbox() == link.inbox)
                .findFirst()
                .orElse(null);
        return link;
    }

    /** A viewer that sees the guest. */
    FakeClient joined() {
        FakeClient link = join();
        if (console.status().state() == DisplayState.CONNECTING) {
            display().listener.resized(guest);
            loop.run();
        }
        link.activate(true);
        settle(link);
        return link;
    }

    /** Waits until a viewer has everything, in real time for the encoders and in the loop's time otherwise. */
    void settle(FakeClient link) {
        loop.pass(40 * MS);
        encoded();
        for (int i = 0; link.viewer.staleTiles() > 0; i++) {
            assertTrue(i < 1000, "tiles stay stale");
            loop.pass(MS);
            encoded();
        }
    }

    /** Waits for the end of all jobs. */
    void encoded() {
        loop.await(() -> !console.isEncoding());
    }

    static ViewerInput event(InputEvent event) {
        return new ViewerInput.Event(event);
    }

    void paint(int x, int y, int width, int height, int colour) {
        for (int row = y; row < y + height; row++) {
            Arrays.fill(guest.pixels(), row * guest.width() + x, row * guest.width() + x + width, colour);
        }
    }

    static ArrayFramebuffer painted(int width, int height, int seed) {
        ArrayFramebuffer framebuffer = new ArrayFramebuffer(width, height);
        Arrays.setAll(framebuffer.pixels(), i -> i * 2654435 * seed & 0xffffff);
        return framebuffer;
    }
}
