// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The mouse, modes and pointer shapes of a guest with an operating system and real drivers. */
class LinuxGuestIT {

    @RegisterExtension
    static Programs programs = new Programs();

    private static LinuxGuest guest;
    private static Viewer viewer;

    @BeforeAll
    static void start() {
        Host host = new Host(programs);
        guest = new LinuxGuest(host.libvirt(), "linux", "virtio");
        guest.command("m 800 600");
        viewer = host.viewer(guest, Clients.XFREERDP_32);
    }

    @Test
    void modesOfAnyWidthAreShownWhole() {
        for (int[] mode : new int[][] {{801, 603}, {1366, 769}, {1024, 768}, {800, 600}}) {
            guest.command("m " + mode[0] + " " + mode[1]);
            // The guest's driver has told its card by now, which may still be at it.
            Picture before = viewer.awaitShows(
                    guest::screenshot,
                    "of " + mode[0] + "x" + mode[1],
                    screen -> screen.width() == mode[0] && screen.height() == mode[1]);
            guest.command("p");
            viewer.awaitShows(
                    guest::screenshot,
                    "painted anew",
                    screen -> screen.difference(before).isPresent());
        }
    }

    @Test
    void motionButtonsDragAndWheelReachTheGuest() {
        viewer.type("mousemove", "100", "120");
        awaitPointer(100, 120);
        int clicks = guest.lines().size();
        viewer.type("click", "1");
        viewer.type("click", "2");
        viewer.type("click", "3");
        awaitButtons(clicks, List.of("KEY 272 1", "KEY 272 0", "KEY 274 1", "KEY 274 0", "KEY 273 1", "KEY 273 0"));
        int drag = guest.lines().size();
        viewer.type("mousedown", "1", "mousemove", "200", "220", "mousemove", "300", "320", "mouseup", "1");
        awaitButtons(drag, List.of("KEY 272 1", "KEY 272 0"));
        awaitPointer(300, 320); // where the button was released
        List<String> lines = since(drag);
        assertTrue(
                lines.subList(lines.indexOf("KEY 272 1"), lines.indexOf("KEY 272 0")).stream()
                        .anyMatch(line -> line.startsWith("AT ")),
                "pressed, moved, released: " + lines);
        int wheel = guest.lines().size();
        viewer.type("click", "4");
        awaitLine(wheel, "REL 8 1");
        viewer.type("click", "5");
        awaitLine(wheel, "REL 8 -1");
    }

    @Test
    void pointerShapeIsTheGuests() {
        guest.command("c 1 5 5");
        viewer.type("mousemove", "400", "300");
        Wait.until("a pointer is painted around 400,300, and nowhere else", LinuxGuestIT::isPointerPainted);
        viewer.parkPointer();
        viewer.awaitShows(guest::screenshot);
    }

    /** The X server paints the client's pointer over the window: nothing else may differ from the guest's screen. */
    private static boolean isPointerPainted() {
        Picture screen = guest.screenshot();
        Picture window = viewer.window(screen.width(), screen.height());
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
    }

    private static void awaitPointer(int x, int y) {
        Wait.until("the pointer is at " + x + "," + y, () -> pointerIsAt(x, y), guest::lines);
    }

    /** A tablet reports 32768 steps a side, whatever the mode: a pixel more or less is the guest's rounding. */
    private static boolean pointerIsAt(int x, int y) {
        List<String> positions = guest.reports("AT");
        if (positions.isEmpty()) {
            return false;
        }
        String[] last = positions.get(positions.size() - 1).split(" ");
        return Math.abs(Integer.parseInt(last[1]) - x) <= 1 && Math.abs(Integer.parseInt(last[2]) - y) <= 1;
    }

    private static void awaitButtons(int from, List<String> expected) {
        Wait.until("the buttons arrive", () -> buttons(from).size() >= expected.size(), () -> since(from));
        assertEquals(expected, buttons(from));
    }

    private static List<String> buttons(int from) {
        return since(from).stream().filter(line -> line.startsWith("KEY ")).toList();
    }

    private static void awaitLine(int from, String line) {
        Wait.until("the guest reports " + line, () -> since(from).contains(line), () -> since(from));
    }

    private static List<String> since(int from) {
        List<String> lines = guest.lines();
        return lines.subList(from, lines.size());
    }
}
