// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.rdpmux.control.ViewerReport;

/** The round trip to real clients, which is measured by network auto-detection. */
class ChannelsIT {

    private static final int NOT_MEASURED = -1;

    @RegisterExtension
    static Programs programs = new Programs();

    private static Host host;
    private static KeysGuest guest;

    private Viewer viewer;

    @BeforeAll
    static void start() {
        host = new Host(programs);
        guest = host.keys("channels");
        guest.command("v 800 600 32");
    }

    @AfterEach
    void leave() {
        viewer.leave();
        Wait.until("nobody looks at the console", () -> viewers().isEmpty(), ChannelsIT::viewers);
    }

    private void connect(Clients client) {
        assumeTrue(client.isInstalled(), client + " is not installed");
        viewer = new Viewer(programs, client.command(host.agent().awaitPort(guest.name())));
        paint();
    }

    private void paint() {
        guest.command("p");
        viewer.awaitShows(guest::screenshot);
    }

    private static List<ViewerReport> viewers() {
        return host.agent().console(guest.name()).orElseThrow().viewers();
    }

    /** The round trip of the only viewer in microseconds. */
    private static long roundTrip() {
        assertEquals(1, viewers().size());
        return viewers().get(0).roundTripMicros();
    }

    @ParameterizedTest
    @EnumSource(names = {"XFREERDP_32", "XFREERDP_GFX", "XFREERDP3_32", "XFREERDP3_GFX"})
    void measuresTheRoundTripAtOnceAndWhileOutputFlows(Clients client) {
        long begun = System.nanoTime();
        connect(client);
        Wait.until("the round trip is measured", () -> roundTrip() > 0, ChannelsIT::viewers);
        long first = roundTrip();
        long elapsed = TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - begun);
        assertTrue(first <= elapsed, first + " us measured in " + elapsed);
        Wait.until(
                "it is measured again",
                () -> {
                    paint();
                    return roundTrip() != first;
                },
                ChannelsIT::viewers);
    }

    /** It has no message channel, and refuses each dynamic channel. */
    @Test
    void servesAClientThatKnowsNoWayToMeasureIt() {
        connect(Clients.RDESKTOP_24);
        paint();
        assertEquals(NOT_MEASURED, roundTrip());
    }
}
