// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The mouse, modes and pointer shapes of a guest with an operating system and real drivers. */
class LinuxGuestIT {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    @TempDir
    static Path directory;

    private static Programs programs;
    private static LinuxGuest guest;
    private static Desktop desktop;

    @BeforeAll
    static void start() {
        programs = new Programs(directory);
        Libvirtd libvirt = new Libvirtd(programs);
        Agent agent = new Agent(programs, Map.of("libvirt.uri", libvirt.uri())).start();
        guest = new LinuxGuest(libvirt, "linux", "virtio");
        guest.command("m 800 600");
        desktop = new Desktop(programs);
        desktop.start(Clients.XFREERDP_32.command(agent.awaitPort("linux")));
        desktop.parkPointer();
        awaitShown();
    }

    @AfterAll
    static void stop() {
        programs.close();
    }

    @Test
    void modesOfAnyWidthAreShownWhole() {
        for (String mode : List.of("801 603", "1366 769", "1024 768", "800 600")) {
            guest.command("m " + mode);
            awaitShown();
            guest.command("p");
            awaitShown();
        }
    }

    @Test
    void motionButtonsDragAndWheelReachTheGuest() {
        desktop.type("mousemove", "100", "120");
        Programs.await("the pointer is there", LIMIT, () -> pointerIsAt(100, 120), guest::lines);
        int before = guest.lines().size();
        desktop.type("click", "1");
        desktop.type("click", "2");
        desktop.type("click", "3");
        awaitKeys(before, List.of("KEY 272 1", "KEY 272 0", "KEY 274 1", "KEY 274 0", "KEY 273 1", "KEY 273 0"));
        before = guest.lines().size();
        desktop.type("mousedown", "1", "mousemove", "200", "220", "mousemove", "300", "320", "mouseup", "1");
        awaitKeys(before, List.of("KEY 272 1", "KEY 272 0"));
        List<String> drag = guest.lines().subList(before, guest.lines().size());
        int down = drag.indexOf("KEY 272 1");
        int up = drag.indexOf("KEY 272 0");
        long moves =
                drag.subList(down, up).stream().filter(l -> l.startsWith("AT ")).count();
        assertTrue(moves > 0, "pressed, moved, released: " + drag);
        assertTrue(pointerIsAt(300, 320), "where the button was released: " + drag);
        int wheel = guest.lines().size();
        desktop.type("click", "4");
        Programs.await(
                "the wheel turns up", LIMIT, () -> !since(wheel, "REL 8 1").isEmpty());
        desktop.type("click", "5");
        Programs.await(
                "the wheel turns down", LIMIT, () -> !since(wheel, "REL 8 -1").isEmpty());
    }

    @Test
    void pointerShapeIsTheGuests() {
        guest.command("c 1 5 5");
        desktop.type("mousemove", "400", "300");
        // The X server paints the client's pointer over the window: nothing else may differ from the guest's screen.
        Programs.await("a pointer is painted around 400,300, and nowhere else", LIMIT, () -> {
            Picture screen = guest.screenshot();
            Picture window = desktop.picture(screen.width(), screen.height());
            int inside = 0;
            int outside = 0;
            for (int i = 0; i < screen.pixels().length; i++) {
                if (screen.pixels()[i] != window.pixels()[i]) {
                    int x = i % screen.width();
                    int y = i / screen.width();
                    boolean near = x >= 395 && x < 459 && y >= 295 && y < 359;
                    inside += near ? 1 : 0;
                    outside += near ? 0 : 1;
                }
            }
            return inside > 20 && outside == 0;
        });
        desktop.parkPointer();
        awaitShown();
    }

    /** A tablet reports 32768 steps a side, whatever the mode: a pixel more or less is the guest's rounding. */
    private static boolean pointerIsAt(int x, int y) {
        List<String> positions = since(0, "AT ");
        if (positions.isEmpty()) {
            return false;
        }
        String[] last = positions.get(positions.size() - 1).split(" ");
        return Math.abs(Integer.parseInt(last[1]) - x) <= 1 && Math.abs(Integer.parseInt(last[2]) - y) <= 1;
    }

    private static void awaitKeys(int from, List<String> expected) {
        Programs.await("the buttons arrive", LIMIT, () -> since(from, "KEY ").size() >= expected.size());
        assertEquals(expected, since(from, "KEY "));
    }

    private static List<String> since(int from, String start) {
        List<String> lines = guest.lines();
        return lines.subList(from, lines.size()).stream()
                .filter(line -> line.startsWith(start))
                .toList();
    }

    private static void awaitShown() {
        Picture screen = guest.screenshot();
        Programs.await(
                "the client shows the guest",
                LIMIT,
                () -> desktop.picture(screen.width(), screen.height())
                        .difference(screen)
                        .isEmpty());
    }
}
