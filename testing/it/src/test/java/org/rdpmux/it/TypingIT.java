// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is typed into a client's window arrives at the guest, in order, nothing lost, nothing doubled. */
class TypingIT {

    private static final String CHARACTERS =
            "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-=[];'`,./!@#$%^&*()_+{}:\"~<>? ";

    @TempDir
    static Path directory;

    private static Programs programs;
    private static Agent agent;
    private static KeysGuest guest;

    @BeforeAll
    static void start() {
        programs = new Programs(directory);
        Libvirtd libvirt = new Libvirtd(programs);
        agent = new Agent(programs, Map.of("libvirt.uri", libvirt.uri())).start();
        guest = new KeysGuest(libvirt, "typing");
    }

    @AfterAll
    static void stop() {
        programs.close();
    }

    @ParameterizedTest
    @EnumSource(
            value = Clients.class,
            names = {"XFREERDP_32", "XFREERDP3_32", "RDESKTOP_24"})
    void twoHundredCharactersArriveInOrder(Clients client) throws Exception {
        org.junit.jupiter.api.Assumptions.assumeTrue(client.isInstalled(), client + " is not installed");
        try (Programs own = new Programs(directory)) {
            Desktop desktop = connect(own, client);
            Random random = new Random(4711);
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < 200; i++) {
                text.append(CHARACTERS.charAt(random.nextInt(CHARACTERS.length())));
            }
            int before = typed().length();
            // Twenty characters a second. A guest that cannot keep up loses keys in QEMU's keyboard, which queues 16
            // bytes.
            desktop.type("type", "--delay", "50", text.toString());
            settle();
            assertEquals(text.toString(), typed().substring(before));
        }
    }

    @Test
    void extendedKeysAndPauseArriveAsThemselves() throws Exception {
        try (Programs own = new Programs(directory)) {
            Desktop desktop = connect(own, Clients.XFREERDP_32);
            int before = guest.reports("K").size();
            desktop.type("key", "--delay", "40", "Left", "KP_Enter", "105", "Pause", "Delete");
            List<String> expected =
                    List.of("E04B", "E0CB", "E01C", "E09C", "E01D", "E09D", "E11D45", "E19DC5", "E053", "E0D3");
            settle();
            assertEquals(expected, codes(before));
        }
    }

    @Test
    void keysHeldByALeavingViewerAreReleased() throws Exception {
        int before;
        try (Programs own = new Programs(directory)) {
            Desktop desktop = connect(own, Clients.XFREERDP_32);
            before = guest.reports("K").size();
            desktop.type("keydown", "Shift_L", "keydown", "a");
            Programs.await(
                    "the keys are down",
                    Duration.ofSeconds(10),
                    () -> codes(before).size() >= 2);
        }
        Programs.await(
                "the keys are up again; the guest saw " + codes(before),
                Duration.ofSeconds(10),
                () -> codes(before).containsAll(List.of("AA", "9E")));
    }

    private static Desktop connect(Programs own, Clients client) {
        guest.command("t");
        guest.command("p");
        Desktop desktop = new Desktop(own);
        desktop.start(client.command(agent.awaitPort("typing")));
        Picture screen = guest.screenshot();
        Programs.await(
                "the client shows the guest",
                Duration.ofSeconds(20),
                () -> desktop.picture(screen.width(), screen.height())
                        .difference(screen)
                        .isEmpty());
        desktop.type("mousemove", "200", "200");
        settle();
        return desktop;
    }

    /** Waits until the guest reports nothing new: clients send keys when they get the focus. */
    private static void settle() {
        int[] seen = {-1};
        Programs.await("the guest is quiet", Duration.ofSeconds(10), () -> {
            int now = guest.lines().size();
            boolean quiet = now == seen[0];
            seen[0] = now;
            Programs.pause(Duration.ofMillis(500));
            return quiet;
        });
    }

    private static List<String> codes(int from) {
        List<String> keys = guest.reports("K");
        List<String> codes = new ArrayList<>();
        for (String line : keys.subList(Math.min(from, keys.size()), keys.size())) {
            codes.add(line.split(" ")[1]);
        }
        return codes;
    }

    /** The characters the guest's keyboard driver made of the keys so far. */
    private static String typed() {
        StringBuilder text = new StringBuilder();
        for (String line : guest.reports("K")) {
            int quote = line.indexOf('\'');
            if (quote >= 0) {
                text.append(line.charAt(quote + 1));
            }
        }
        return text.toString();
    }
}
