// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.librdpmux;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rdpmux.display.GuestDisplay;

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
        LibrdpmuxConfig usual = LibrdpmuxConfig.of(directory.resolve("run"), directory.resolve("state"));
        LibrdpmuxService made = new LibrdpmuxService(
                new LibrdpmuxConfig(
                        Optional.of(bus.address()),
                        usual.runtimeDirectory(),
                        usual.stateDirectory(),
                        Optional.empty(),
                        ProtocolVersion.V5,
                        60,
                        usual.limits()),
                listener);
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

    @Test
    void servesAllProtocolsSideBySide() throws Exception {
        List<ScreenFollower> followers = new ArrayList<>();
        for (String proto : PROTOCOLS) {
            RealGuest guest =
                    guest(proto, "--seconds", "3", "--fps", "20", "--size", "640x480", "--switch-at", "1.5:800x600");
            ScreenFollower follower = new ScreenFollower();
            GuestDisplay display = listener.await(guest.key()).openDisplay();
            display.start(follower);
            followers.add(follower);
        }
        for (int i = 0; i < guests.size(); i++) {
            RealGuest guest = guests.get(i);
            ScreenFollower follower = followers.get(i);
            assertEquals(0, guest.awaitExit(), guest.proto);
            Wait.until(guest.proto + " is gone", () -> !follower.failures.isEmpty());
            String output = guest.output();
            assertFalse(output.contains("FROZEN"), output);
            assertFalse(output.contains("unreadable"), output);
            assertFalse(output.contains("WITHOUT"), output);
            assertFalse(output.contains("unknown"), output);
            assertEquals(800, follower.framebuffer().width(), guest.proto);
            assertEquals(600, follower.framebuffer().height(), guest.proto);
            assertTrue(follower.damages.get() > 20, guest.proto + ": " + follower.damages);
            assertArrayEquals(guest.screen(800, 600), follower.pixels(), guest.proto);
            assertEquals(0, follower.shortReads.get(), guest.proto);
        }
    }
}
