// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.console;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.rdpmux.codec.FrameEncoder.Encoding;
import org.rdpmux.codec.I420Picture;
import org.rdpmux.display.ArrayFramebuffer;
import org.rdpmux.display.GuestDisplay;
import org.rdpmux.display.InputEvent;
import org.rdpmux.display.PixelBudget;
import org.rdpmux.display.Rect;
import org.rdpmux.server.ClipboardPolicy;
import org.rdpmux.server.ConsoleListener;
import org.rdpmux.server.DisconnectReason;
import org.rdpmux.server.Resizing;
import org.rdpmux.server.ServerOptions;
import org.rdpmux.server.SoundPolicy;
import org.rdpmux.server.screen.EncodeJob;
import org.rdpmux.server.screen.EncoderProfile;
import org.rdpmux.server.screen.EncoderProfile.Loss;
import org.rdpmux.server.screen.TileEncoders;
import org.rdpmux.server.screen.TileGrid;

/**
 * A console with a guest, encoders and viewers that do what a script says, on the test's thread and with the test's time. At
 * the end it lets things come to rest and compares every viewer's picture with the guest's.
 */
final class ScriptedHouse {

    static final EncoderProfile[] PROFILES = {
        EncoderProfile.plain(32).with(Loss.REMOTEFX_RLGR3),
        EncoderProfile.plain(24),
        EncoderProfile.surface(true).withVideo(true),
        EncoderProfile.surface(false).withVideo(true),
        EncoderProfile.surface(true)
    };

    private static final long MS = 1_000_000;

    /** @param recorder what the job has read already, or null if it reads when it ends */
    private record Pending(EncodeJob job, Runnable done, RecordingEncoders recorder) {}

    private final ManualLoop loop = new ManualLoop();
    private final List<Pending> jobs = new ArrayList<>();
    private final List<ScriptedClient> clients = new ArrayList<>();
    private final GuestConsole console;
    private ArrayFramebuffer guest = noise(200, 150, 1);
    private Display display;
    private int begun;

    private ScriptedHouse() {
        console = new GuestConsole(
                "scripted",
                Display::new,
                new GuestConsole.Options(
                        30,
                        1000 * MS,
                        new ServerOptions.Display(Resizing.NEVER, ClipboardPolicy.OFF, SoundPolicy.OFF),
                        event -> {},
                        this::encode,
                        Optional.of(new DifferenceStream.Provider()),
                        PixelBudget.unlimited(),
                        new ProbeQueue(1),
                        ConsoleListener.NONE),
                loop);
        loop.run();
    }

    /** Runs a script. @return what is wrong in the end, or null */
    static String run(List<ScriptStep> script) {
        ScriptedHouse house = new ScriptedHouse();
        try {
            script.forEach(house::perform);
            return house.rest();
        } catch (RuntimeException | AssertionError e) {
            return e.toString();
        } finally {
            house.close();
        }
    }

    private boolean encode(EncodeJob job, Runnable done) {
        RecordingEncoders recorder = null;
        if (++begun % 2 == 0) {
            recorder = new RecordingEncoders();
            assertTrue(job.work(recorder));
        }
        jobs.add(new Pending(job, done, recorder));
        return false;
    }

    // ---- steps ----

    private void perform(ScriptStep step) {
        switch (step.kind()) {
            case PAINT -> paint(rect(step, 0), step.number(4));
            case VIDEO -> {
                for (int frame = 0; frame < 3; frame++) {
                    int[] photo = noise(guest.width(), guest.height(), step.number(0) + frame)
                            .pixels();
                    System.arraycopy(photo, 0, guest.pixels(), 0, photo.length);
                    display.damaged(guest.bounds());
                    loop.pass(20 * MS);
                    while (!jobs.isEmpty()) {
                        finish(frame);
                    }
                    clients.forEach(ScriptedClient::drain);
                    loop.run();
                }
            }
            case SWITCH -> {
                int[] window =
                        noise(guest.width(), guest.height(), step.number(0) % 3).pixels();
                System.arraycopy(window, 0, guest.pixels(), 0, window.length);
                display.damaged(guest.bounds());
            }
            case MOVE -> move(rect(step, 0), step.number(4) - 30, step.number(5) - 30, step.number(6) % 4 != 0);
            case MODE -> {
                guest = noise(1 + step.number(0) % 300, 1 + step.number(1) % 300, step.number(0));
                display.resized();
            }
            case FAIL -> display.fail();
            case JOIN -> join(step);
            case PASS -> loop.pass(step.number(0) * MS);
            case ENCODE -> finish(step.number(0));
            default -> viewers(step);
        }
        loop.run();
        display.show();
    }

    private void viewers(ScriptStep step) {
        if (clients.isEmpty()) {
            return;
        }
        ScriptedClient client = clients.get(step.number(0) % clients.size());
        switch (step.kind()) {
            case ACTIVATE -> client.activate();
            case LEAVE -> client.leave();
            case DRAIN -> client.drain();
            case ACKNOWLEDGE -> client.acknowledge(step.number(1) % 6);
            case OUTPUT -> client.wantOutput(step.number(1) % 2 == 0);
            case REFRESH -> client.refresh(rect(step, 1));
            default -> throw new IllegalArgumentException(step.toString());
        }
    }

    private void join(ScriptStep step) {
        ScriptedClient client = new ScriptedClient(
                PROFILES[step.number(0) % PROFILES.length],
                step.number(1) % 4 != 0,
                step.number(2) % 3 != 0,
                step.number(3) % 2,
                step.number(3) / 2 % 3 * 32);
        client.inbox = console.join(clients.size(), loop::execute, client::on);
        clients.add(client);
    }

    private void finish(int which) {
        if (!jobs.isEmpty()) {
            Pending pending = jobs.remove(which % jobs.size());
            if (pending.recorder() == null) {
                assertTrue(pending.job().work(new TileEncoders()));
            } else {
                pending.recorder().check();
            }
            pending.done().run();
        }
    }

    private static Rect rect(ScriptStep step, int first) {
        return new Rect(
                step.number(first) - 20,
                step.number(first + 1) - 20,
                step.number(first + 2) + 1,
                step.number(first + 3) + 1);
    }

    private void paint(Rect wanted, int colour) {
        Rect rect = wanted.intersection(guest.bounds());
        for (int y = rect.y(); y < rect.bottom(); y++) {
            for (int x = rect.x(); x < rect.right(); x++) {
                guest.pixels()[y * guest.width() + x] = pixel(x, y, colour);
            }
        }
        display.damaged(rect);
    }

    /** One colour, noise, or something soft, which may be sent with a loss. */
    private static int pixel(int x, int y, int colour) {
        int pixel = switch (colour % 3) {
            case 0 -> colour * 7919;
            case 1 -> (x * 31 + y * 17) * 2654435 * colour;
            default -> (x + colour & 0xff) << 16 | (y & 0xff) << 8 | x + y + colour & 0xff;
        };
        return pixel & 0xffffff;
    }

    private void move(Rect wanted, int dx, int dy, boolean honest) {
        Rect shifted = new Rect(dx, dy, guest.width(), guest.height());
        Rect to = wanted.intersection(guest.bounds()).intersection(shifted);
        int[] before = guest.pixels().clone();
        for (int y = to.y(); y < to.bottom(); y++) {
            int from = (y - dy) * guest.width() + to.x() - dx;
            System.arraycopy(before, from, guest.pixels(), y * guest.width() + to.x(), to.width());
        }
        display.moved(to, honest ? dx : dx + 1, dy);
    }

    // ---- the end ----

    /** @return what is wrong, or null */
    private String rest() {
        int batches = -1;
        for (int i = 0; i < 400; i++) {
            while (!jobs.isEmpty()) {
                finish(i);
            }
            clients.forEach(ScriptedClient::catchUp);
            loop.pass(50 * MS);
            display.show();
            int now = clients.stream().mapToInt(client -> client.batches).sum();
            if (i % 50 == 49 && now == batches) {
                return compare();
            }
            batches = i % 50 == 49 ? now : batches;
        }
        return "does not come to rest";
    }

    private String compare() {
        for (int i = 0; i < clients.size(); i++) {
            String wrong = clients.get(i).compare(guest);
            if (wrong != null) {
                return "viewer " + i + ": " + wrong;
            }
        }
        return null;
    }

    private void close() {
        console.close(DisconnectReason.SERVER_STOPPED);
        loop.run();
        while (!jobs.isEmpty()) {
            finish(0);
            loop.run();
        }
        clients.forEach(ScriptedClient::leave);
        loop.run();
    }

    private static ArrayFramebuffer noise(int width, int height, int seed) {
        ArrayFramebuffer framebuffer = new ArrayFramebuffer(width, height);
        Random random = new Random(seed);
        Arrays.setAll(framebuffer.pixels(), i -> random.nextInt() & 0xffffff);
        return framebuffer;
    }

    /** Remembers what it read, to see whether that stays as it is until the job ends. */
    private static final class RecordingEncoders extends TileEncoders {

        private final List<Runnable> checks = new ArrayList<>();

        @Override
        public Encoding encode(EncoderProfile profile, int[] pixels, int stride, Rect area) {
            int[] before = read(pixels, stride, area);
            checks.add(
                    () -> assertArrayEquals(before, read(pixels, stride, area), "a tick wrote what an encoder reads"));
            return super.encode(profile, pixels, stride, area);
        }

        @Override
        public boolean encodeLossy(EncoderProfile profile, int[] pixels, TileGrid grid, int tile, Rect judged) {
            Rect area = grid.rect(tile);
            int[] before = read(pixels, grid.width(), area);
            checks.add(() ->
                    assertArrayEquals(before, read(pixels, grid.width(), area), "a tick wrote what an encoder reads"));
            return super.encodeLossy(profile, pixels, grid, tile, judged);
        }

        @Override
        public boolean draw(int[] pixels, TileGrid grid, int tile, I420Picture picture) {
            Rect area = grid.rect(tile);
            int[] before = read(pixels, grid.width(), area);
            checks.add(() ->
                    assertArrayEquals(before, read(pixels, grid.width(), area), "a tick wrote what an encoder reads"));
            return super.draw(pixels, grid, tile, picture);
        }

        private static int[] read(int[] pixels, int stride, Rect area) {
            return IntStream.range(area.y(), area.bottom())
                    .flatMap(y -> Arrays.stream(pixels, y * stride + area.x(), y * stride + area.right()))
                    .toArray();
        }

        void check() {
            checks.forEach(Runnable::run);
        }
    }

    /** The guest's screen; reports nothing while nobody looks on, as displays may. */
    private final class Display implements GuestDisplay {

        private Listener listener;
        private boolean shown;
        private boolean active = true;

        Display() {
            display = this;
        }

        @Override
        public void start(Listener newListener) {
            listener = newListener;
        }

        /** Connects, some time after it was started. */
        void show() {
            if (listener != null && !shown) {
                shown = true;
                listener.resized(guest);
            }
        }

        void resized() {
            if (shown) {
                listener.resized(guest);
            }
        }

        void damaged(Rect area) {
            if (shown && active && !area.isEmpty()) {
                listener.damaged(area);
            }
        }

        void moved(Rect to, int dx, int dy) {
            if (shown && active && !to.isEmpty()) {
                listener.moved(to, dx, dy);
            }
        }

        void fail() {
            if (listener != null) {
                Listener told = listener;
                listener = null;
                shown = false;
                told.failed("the script says so");
            }
        }

        @Override
        public void setActive(boolean nowActive) {
            boolean again = nowActive && !active;
            active = nowActive;
            if (again) {
                damaged(guest.bounds());
            }
        }

        @Override
        public void send(InputEvent event) {}

        @Override
        public void close() {
            listener = null;
            shown = false;
        }

        @Override
        public String kind() {
            return "scripted";
        }
    }
}
