// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.librdpmux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rdpmux.display.GuestDisplay;
import org.rdpmux.display.InputEvent;
import org.rdpmux.display.PointerButton;
import org.rdpmux.display.Scancode;

/** Guests over the real libraries, on a private bus. */
@Tag("librdpmux")
class RealGuestsTest {

    private static final List<String> PROTOCOLS = List.of("1", "2n", "2z", "3", "4a", "4b", "4c", "5");

    @TempDir
    static Path tools;

    private static Path program;

    @TempDir
    Path directory;

    private final RecordingListener listener = new RecordingListener();
    private final List<RealGuest> guests = new ArrayList<>();
    private PrivateBus bus;
    private LibrdpmuxService service;

    @BeforeAll
    static void compile() throws Exception {
        program = PrivateBus.isInstalled() ? RealGuest.compile(tools) : null;
    }

    @BeforeEach
    void start() throws Exception {
        assumeTrue(program != null, "the guest cannot be compiled here");
        bus = new PrivateBus(directory);
        service = newService();
    }

    private LibrdpmuxService newService() throws Exception {
        LibrdpmuxService made = new LibrdpmuxService(ServiceMain.config(directory, bus.address()), listener);
        made.start();
        Wait.until("the service is on the bus", made::isOnBus);
        return made;
    }

    @AfterEach
    void stop() throws Exception {
        for (RealGuest guest : guests) {
            guest.close();
        }
        if (service != null) {
            service.close();
        }
        if (bus != null) {
            bus.close();
        }
    }

    private RealGuest guest(String proto, String... more) throws Exception {
        RealGuest guest = RealGuest.start(program, bus, proto, more);
        guests.add(guest);
        return guest;
    }

    /** Looks at a guest, whose screen is there then. */
    private ScreenFollower follow(RealGuest guest) {
        ScreenFollower follower = new ScreenFollower();
        listener.await(guest.key()).openDisplay().start(follower);
        Wait.until(guest.proto + " shows a screen", () -> !follower.modes.isEmpty());
        return follower;
    }

    /** Has all guests paint, once they are all followed, and holds what each said and showed against what it should have. */
    private void assertServedWell(Map<RealGuest, ScreenFollower> followers, int width, int height) throws Exception {
        for (RealGuest guest : followers.keySet()) {
            guest.paint();
        }
        for (RealGuest guest : followers.keySet()) {
            guest.awaitPainted();
            ScreenFollower follower = followers.get(guest);
            int[] screen = guest.screen(width, height);
            Wait.until(guest.proto + " is shown as it is", () -> Arrays.equals(screen, follower.pixels()));
            assertEquals(width, follower.framebuffer().width(), guest.proto);
            assertEquals(height, follower.framebuffer().height(), guest.proto);
            assertTrue(follower.damages.get() > 5, guest.proto + ": " + follower.damages);
            assertEquals(0, follower.shortReads.get(), guest.proto);
            guest.leave();
            assertEquals(0, guest.awaitExit(), guest.proto);
            Wait.until(guest.proto + " is gone", () -> !follower.failures.isEmpty());
            String output = guest.output();
            for (String complaint : List.of("FROZEN", "unreadable", "WITHOUT", "unknown", "another uuid")) {
                assertFalse(output.contains(complaint), guest.proto + ": " + output);
            }
        }
    }

    private void assertServedWell(RealGuest guest) throws Exception {
        assertServedWell(Map.of(guest, follow(guest)), 640, 480);
    }

    private Map<RealGuest, ScreenFollower> follow(List<RealGuest> some) {
        Map<RealGuest, ScreenFollower> followers = new LinkedHashMap<>();
        some.forEach(guest -> followers.put(guest, follow(guest)));
        return followers;
    }

    @Test
    void servesAllProtocolsSideBySide() throws Exception {
        for (String proto : PROTOCOLS) {
            guest(proto, "--seconds", "3", "--fps", "20", "--size", "640x480", "--switch-at", "1.5:800x600");
        }
        assertServedWell(follow(guests), 800, 600);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 10, 60})
    void losesNoDamageAtAnyPace(int fps) throws Exception {
        for (String proto : List.of("1", "2n", "2z", "3", "5")) {
            String seconds = fps < 5 ? "7" : "2";
            guest(proto, "--scene", "video", "--seconds", seconds, "--fps", "" + fps, "--size", "800x600");
        }
        assertServedWell(follow(guests), 800, 600);
    }

    @Test
    void passesInputOnAsGuestsKnowIt() throws Exception {
        for (String proto : PROTOCOLS) {
            guest(proto, "--size", "640x480");
        }
        for (RealGuest guest : guests) {
            ScreenFollower follower = new ScreenFollower();
            GuestDisplay display = listener.await(guest.key()).openDisplay();
            display.start(follower);
            Wait.until(guest.proto + " shows a screen", () -> !follower.modes.isEmpty());
            display.send(new InputEvent.Key(Scancode.of(0x1e), true));
            display.send(new InputEvent.Key(Scancode.of(0x1e), false));
            display.send(new InputEvent.Key(Scancode.extended(0x4b), true));
            display.send(new InputEvent.Key(Scancode.extended(0x4b), false));
            display.send(new InputEvent.PointerMove(300, 200));
            for (PointerButton button : PointerButton.values()) {
                display.send(new InputEvent.Button(button, true));
                display.send(new InputEvent.Button(button, false));
            }
            display.send(new InputEvent.Button(PointerButton.LEFT, true));
            display.send(new InputEvent.PointerMove(400, 250));
            display.send(new InputEvent.Wheel(120, 0));
            display.send(new InputEvent.Button(PointerButton.LEFT, false));
            Wait.until(
                    guest.proto + " hears all of it", () -> guest.output().contains("mouse x=400 y=250 flags=0x1000"));
            assertEquals(
                    """
                    key code=0x1e flags=0x4000
                    key code=0x1e flags=0x8000
                    key code=0xcb flags=0x4100
                    key code=0xcb flags=0x8100
                    mouse x=300 y=200 flags=0x0800
                    mouse x=300 y=200 flags=0x9000
                    mouse x=300 y=200 flags=0x1000
                    mouse x=300 y=200 flags=0xc000
                    mouse x=300 y=200 flags=0x4000
                    mouse x=300 y=200 flags=0xa000
                    mouse x=300 y=200 flags=0x2000
                    mouse x=300 y=200 flags=0x9000
                    mouse x=400 y=250 flags=0x0800
                    mouse x=400 y=250 flags=0x1000
                    """,
                    guest.output().replaceAll("(?m)^(registered|asked).*\n", "").replaceAll("(?m)^\\d+\\.\\d+ ", ""),
                    guest.proto);
        }
    }

    @Test
    void offersEachCallerTheVersionOfItsLibrary() throws Exception {
        for (String[] pair : new String[][] {{"2", "1"}, {"3", "2z"}, {"4", "3"}, {"5", "4b"}, {"6", "5"}}) {
            Path library = tools.resolve("librdpmux.so.0." + pair[0] + ".0");
            Process compiler = new ProcessBuilder("gcc", "-shared", "-x", "c", "-o", library.toString(), "/dev/null")
                    .inheritIO()
                    .start();
            assertEquals(0, compiler.waitFor());
            RealGuest guest = RealGuest.preloaded(
                    program, bus, library, pair[1], "--delay", "0", "--seconds", "0.5", "--linger", "0");
            guests.add(guest);
            assertEquals(0, guest.awaitExit(), guest.output());
        }
        RealGuest unknown =
                guest("5", "--path", RdpmuxObject.PATH, "--delay", "0", "--seconds", "0.5", "--linger", "0");
        assertEquals(0, unknown.awaitExit(), unknown.output());
        RealGuest other = guest("3", "--path", RdpmuxObject.PATH);
        assertEquals(3, other.awaitExit(), other.output());
    }

    @Test
    void refusesASecondProcessWithTheSameUuid() throws Exception {
        RealGuest first = guest("5", "--seconds", "1", "--fps", "20", "--size", "640x480");
        Map<RealGuest, ScreenFollower> follower = follow(List.of(first));
        for (String proto : List.of("2z", "3", "4b", "5")) {
            RealGuest second = guest(proto, "--uuid", first.uuid);
            assertEquals(4, second.awaitExit(), second.output());
        }
        assertServedWell(follower, 640, 480);
    }

    @Test
    void bearsGuestsThatAreKilled() throws Exception {
        for (int round = 0; round < 2; round++) {
            List<RealGuest> killed = new ArrayList<>();
            List<ScreenFollower> followers = new ArrayList<>();
            for (String proto : PROTOCOLS) {
                RealGuest guest =
                        guest(proto, "--delay", "0", "--seconds", "3600", "--fps", "200", "--size", "640x480");
                killed.add(guest);
                followers.add(follow(guest));
            }
            for (int i = 0; i < killed.size(); i++) {
                ScreenFollower follower = followers.get(i);
                Wait.until("it draws", () -> follower.damages.get() > 3);
                killed.get(i).close();
                Wait.until("it is gone", () -> !follower.failures.isEmpty());
            }
        }
        RealGuest next = guest("3", "--seconds", "1", "--fps", "20", "--size", "640x480");
        assertServedWell(next);
    }

    @Test
    void bearsGuestsThatTakeTheirMemoryAway() throws Exception {
        RealGuest guest = guest("5", "--delay", "0", "--seconds", "3600", "--fps", "100", "--size", "640x480");
        ScreenFollower follower = follow(guest);
        Wait.until("it draws", () -> follower.damages.get() > 3);
        try (RandomAccessFile file = new RandomAccessFile(guest.sharedMemory(), "rw")) {
            guest.signal("STOP"); // or it would write to memory that is not there
            file.setLength(100_000);
            int[] target = new int[640 * 480];
            assertFalse(follower.framebuffer().read(follower.framebuffer().bounds(), target, 0, 640));
            file.setLength(ScreenMode.SHARED_BYTES);
            guest.signal("CONT");
        }
        long before = follower.damages.get();
        assertTrue(guest.sharedMemory().delete());
        Wait.until("it is still seen", () -> follower.damages.get() > before + 5);
        int[] target = new int[640 * 480];
        assertTrue(follower.framebuffer().read(follower.framebuffer().bounds(), target, 0, 640));
    }

    @Test
    void outlivesTheBus() throws Exception {
        RealGuest before = guest("3", "--seconds", "1", "--fps", "20", "--size", "640x480", "--no-shutdown");
        Map<RealGuest, ScreenFollower> follower = follow(List.of(before));
        bus.stop();
        Wait.until("the service notices", () -> !service.isOnBus());
        bus.start();
        Wait.until("the service is on the bus", service::isOnBus);
        RealGuest after = guest("5", "--seconds", "1", "--fps", "20", "--size", "640x480");
        assertServedWell(after);
        assertServedWell(follower, 640, 480);
    }

    @Test
    void bringsGuestsBackAfterItWasKilled() throws Exception {
        service.close();
        service = null;
        Process killed = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        ServiceMain.class.getName(),
                        directory.toString(),
                        bus.address())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            Wait.until("it is ready", () -> killed.inputReader().readLine().equals(ServiceMain.READY));
            for (String proto : PROTOCOLS) {
                guest(proto, "--seconds", "1", "--fps", "20", "--size", "640x480");
            }
            for (RealGuest guest : guests) {
                Wait.until(
                        guest.proto + " is known and has a screen",
                        () -> record(guest).contains("mode 20020888"));
            }
        } finally {
            killed.destroyForcibly();
            killed.onExit().join();
        }
        service = newService();
        assertServedWell(follow(guests), 640, 480);
    }

    private String record(RealGuest guest) throws Exception {
        Path file = directory.resolve("state").resolve(guest.key() + ".guest");
        return Files.exists(file) ? Files.readString(file) : "";
    }
}
