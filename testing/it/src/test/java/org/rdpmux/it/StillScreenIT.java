// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A screen on which nothing happens costs nothing. */
class StillScreenIT {

    private static final Duration WATCHED = Duration.ofSeconds(10);
    private static final Pattern SENT = Pattern.compile("bytes_sent:(\\d+)");

    @TempDir
    Path directory;

    @Test
    void stillScreenSendsNothingAndUsesNoProcessor() throws Exception {
        try (Programs programs = new Programs(directory)) {
            Libvirtd libvirt = new Libvirtd(programs);
            Agent agent = new Agent(programs, Map.of("libvirt.uri", libvirt.uri())).start();
            KeysGuest guest = new KeysGuest(libvirt, "still");
            guest.command("v 800 600 32");
            int port = agent.awaitPort("still");
            Desktop desktop = new Desktop(programs);
            desktop.start(Clients.XFREERDP_32.command(port));
            desktop.parkPointer();
            Picture screen = guest.screenshot();
            Programs.await(
                    "the client shows the guest",
                    Duration.ofSeconds(20),
                    () -> desktop.picture(800, 600).difference(screen).isEmpty());
            Programs.pause(Duration.ofSeconds(3));
            long sent = sent(port);
            Duration cpu = agent.process().cpu();
            Programs.pause(WATCHED);
            assertTrue(sent > 0, "the socket's counter was found");
            assertEquals(0, sent(port) - sent, "bytes to the client");
            Duration used = agent.process().cpu().minus(cpu);
            assertTrue(
                    used.toMillis() < WATCHED.toMillis() / 100,
                    "the agent used " + used.toMillis() + " ms of processor");
        }
    }

    private static long sent(int port) {
        String sockets = Programs.run("ss", "-tinH", "state", "established", "sport = :" + port);
        Matcher bytes = SENT.matcher(sockets);
        return bytes.find() ? Long.parseLong(bytes.group(1)) : 0;
    }
}
