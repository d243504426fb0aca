// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.it;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A guest's screen takes one size after another, up to 3840x2160 and back, and every kind of client shows each exactly. */
class GuestSizesIT {

    private static final int LARGEST_WIDTH = 3840;
    private static final int LARGEST_HEIGHT = 2160;
    private static final int[][] SIZES = {
        {640, 480}, {1280, 800}, {LARGEST_WIDTH, LARGEST_HEIGHT}, {1366, 768}, {640, 480},
    };
    /** As far as a virtual machine without hardware paints its screen in a moment. */
    private static final int[][] REAL_SIZES = {{640, 480}, {1280, 800}, {640, 480}};

    private static final int FRAMES = 8;

    @RegisterExtension
    static Programs programs = new Programs();

    private static VncGuest guest;
    private static Agent agent;

    @BeforeAll
    static void start() {
        guest = new VncGuest(Scene.desktop(640, 480, 0));
        agent = new Agent(
                        programs,
                        Map.of("libvirt.uri", "", "librdpmux.enabled", "no", "console.sizes", guest.address()))
                .start();
    }

    @AfterAll
    static void close() throws Exception {
        guest.close();
    }

    private static Desktop desktop() {
        return new Desktop(programs, LARGEST_WIDTH + 60, LARGEST_HEIGHT + 40);
    }

    @ParameterizedTest
    @EnumSource(Clients.class)
    void showsEachSizeExactlyOnceMotionStops(Clients client) {
        assumeTrue(client.isInstalled(), client + " is not installed");
        int[] first = SIZES[0];
        guest.show(Scene.desktop(first[0], first[1], 0));
        Viewer viewer = new Viewer(desktop(), client, agent.awaitPort("sizes"), client.following(first[0], first[1]));
        viewer.awaitShows(guest::picture);
        int seed = 0;
        for (int[] size : SIZES) {
            guest.show(Scene.desktop(size[0], size[1], ++seed));
            for (Scene scene : new Scene[] {Scene.SCROLL, Scene.VIDEO, Scene.WINDOW}) {
                for (int frame = 0; frame < FRAMES; frame++) {
                    scene.paint(guest, seed + frame);
                }
            }
            viewer.awaitShows(guest::picture, "of " + size[0] + "x" + size[1], screen -> true);
        }
    }

    @Test
    void showsEachSizeOfARealMachineExactly() {
        Host host = new Host(programs);
        KeysGuest real = host.keys("real");
        Viewer viewer = new Viewer(desktop(), Clients.XFREERDP_GFX, host.agent().awaitPort("real"));
        for (int[] size : REAL_SIZES) {
            real.command("v %d %d 32".formatted(size[0], size[1]));
            real.command("p");
            viewer.awaitShows(
                    real::screenshot,
                    "of " + size[0] + "x" + size[1],
                    screen -> screen.width() == size[0] && screen.height() == size[1]);
        }
    }
}
