// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Pictures of guests' screens that programs take, against those that the hypervisor takes. */
class ScreenshotIT {

    @RegisterExtension
    static Programs programs = new Programs();

    private static Host host;
    private static KeysGuest guest;

    @BeforeAll
    static void start() {
        host = new Host(programs);
        guest = host.keys("pictured");
        host.agent().awaitPort("pictured");
    }

    private static Picture screenshot() {
        Path file = programs.newDirectory("pictures").resolve("screen.png");
        Programs.Result result = host.agent().ctl("screenshot", "pictured", file.toString());
        assertEquals(0, result.status(), result.output());
        return Picture.readImage(file);
    }

    /** What is compared is taken anew until it agrees. */
    private static void awaitSame() {
        Wait.until(
                "the picture is the hypervisor's",
                () -> !guest.screenshot().isPlain()
                        && guest.screenshot().difference(screenshot()).isEmpty(),
                () -> guest.screenshot().difference(screenshot()).orElse("the same"));
    }

    @Test
    void aPictureIsTheHypervisorsPixelByPixel() {
        awaitSame();
        guest.command("v 1000 701 32");
        awaitSame();
    }

    @Test
    void aPictureIsToBeHadBesideAViewer() {
        Viewer viewer = host.viewer(guest, Clients.XFREERDP_32);
        viewer.type("type", "abc");
        awaitSame();
        assertEquals(1, host.agent().console("pictured").orElseThrow().viewers().size());
    }

    @Test
    void aPictureGoesThroughAPipe() {
        Path file = programs.newDirectory("pictures").resolve("piped.png");
        List<String> command = new ArrayList<>(List.of("sh", "-c", "\"$@\" | cat > \"$0\"", file.toString()));
        command.addAll(host.agent().control("screenshot", "pictured"));
        Programs.Result result = Programs.result(command.toArray(String[]::new));
        assertEquals(0, result.status(), result.output());
        assertTrue(Picture.readImage(file).width() > 0);
    }
}
