// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.rdpmux.control.ConsoleReport;

/** A guest that shows a video: clients that decode H.264 are sent it, and see the guest's pixels once the video stops. */
class VideoIT {

    private static final int WIDTH = 1280;
    private static final int HEIGHT = 880;

    @RegisterExtension
    static Programs programs = new Programs();

    private static Path tools;
    private static Bus bus;
    private static Agent agent;

    @BeforeAll
    static void start() {
        tools = MuxGuest.build();
        bus = new Bus(programs);
        agent = agent(Map.of());
        assumeTrue(agent.ctl("status").output().contains("OpenH264"), "OpenH264 is not installed");
    }

    private static Agent agent(Map<String, String> more) {
        Map<String, String> settings =
                new HashMap<>(Map.of("libvirt.uri", "", "librdpmux.bus", bus.address(), "librdpmux.unmanaged", "yes"));
        settings.putAll(more);
        Agent started = new Agent(programs, settings).start();
        Wait.until("the agent is on the bus", () -> started.process().output().contains("Guests can register"));
        return started;
    }

    private static MuxGuest guest(String scene) {
        return MuxGuest.start(
                programs,
                tools,
                bus,
                "5",
                "--scene",
                scene,
                "--fps",
                "20",
                "--seconds",
                "4",
                "--size",
                WIDTH + "x" + HEIGHT);
    }

    private static ConsoleReport console(MuxGuest guest) {
        return Wait.value("an endpoint", () -> agent.console(guest.name()).filter(console -> console.port() != 0));
    }

    private static Viewer viewer(MuxGuest guest, Clients client) {
        Viewer viewer = new Viewer(programs, client, console(guest).port());
        viewer.awaitShows(() -> guest.screen(WIDTH, HEIGHT));
        return viewer;
    }

    @ParameterizedTest
    @EnumSource(
            value = Clients.class,
            names = {"XFREERDP_GFX_AVC420", "XFREERDP_GFX_AVC", "XFREERDP3_GFX_AVC420", "XFREERDP3_GFX_AVC"})
    void aVideoIsSentAsH264AndExactOnceItRests(Clients client) {
        assumeTrue(client.isInstalled(), client + " is not installed");
        MuxGuest guest = guest("video");
        Viewer viewer = viewer(guest, client);
        guest.paint();
        guest.awaitPainted();
        viewer.awaitShows(() -> guest.screen(WIDTH, HEIGHT));
        assertTrue(console(guest).videoFrames() > 10, () -> console(guest).toString());
        assertTrue(
                console(guest).viewers().get(0).codecs().contains("H.264"),
                () -> console(guest).toString());
    }

    @Test
    void whoJoinsWhileAVideoRunsSeesItAndOthersGoOn() {
        MuxGuest guest = guest("full");
        Viewer first = viewer(guest, Clients.XFREERDP_GFX_AVC420);
        guest.paint();
        Wait.until("a video", () -> console(guest).videoFrames() > 5);
        Viewer second =
                new Viewer(programs, Clients.XFREERDP_GFX_AVC420, console(guest).port());
        Viewer third = new Viewer(programs, Clients.XFREERDP_GFX, console(guest).port());
        guest.awaitPainted();
        for (Viewer viewer : List.of(first, second, third)) {
            viewer.awaitShows(() -> guest.screen(WIDTH, HEIGHT));
        }
    }

    @Test
    void clientsThatDecodeNoneAreSentNone() {
        MuxGuest guest = guest("video");
        Viewer viewer = viewer(guest, Clients.XFREERDP_GFX_RFX);
        guest.paint();
        guest.awaitPainted();
        viewer.awaitShows(() -> guest.screen(WIDTH, HEIGHT));
        assertEquals(Optional.of(0L), agent.console(guest.name()).map(ConsoleReport::videoFrames));
    }
}
