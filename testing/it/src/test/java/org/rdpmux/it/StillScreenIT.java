// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A screen on which nothing happens costs nothing. */
class StillScreenIT {

    private static final Duration WATCHED = Duration.ofSeconds(10);
    private static final Duration CALM = Duration.ofSeconds(2);
    private static final Pattern SENT = Pattern.compile("bytes_sent:(\\d+)");

    @RegisterExtension
    static Programs programs = new Programs();

    @Test
    void stillScreenSendsNothingAndUsesNoProcessor() {
        Host host = new Host(programs);
        KeysGuest guest = host.keys("still");
        guest.command("v 800 600 32");
        int port = host.agent().awaitPort("still");
        new Viewer(programs, Clients.XFREERDP_32.command(port)).awaitShows(guest::screenshot);
        // A Java that has just started compiles for a while, longer where others want the processor, too.
        Cost[] last = new Cost[1];
        Wait.until("the agent is calm for once", () -> (last[0] = cost(host, port, CALM)).isNone(CALM), () -> last[0]);
        Cost cost = cost(host, port, WATCHED);
        assertEquals(0, cost.bytes(), "bytes to the client");
        assertTrue(cost.isNone(WATCHED), "over " + WATCHED.toSeconds() + " s: " + cost);
    }

    /** What an agent did in some time. */
    private record Cost(long bytes, Duration processor) {
        /** Less than one per cent of a processor; it is counted in hundredths of a second. */
        boolean isNone(Duration time) {
            return bytes == 0 && processor.compareTo(time.dividedBy(100)) < 0;
        }
    }

    private static Cost cost(Host host, int port, Duration time) {
        Duration cpu = host.agent().process().cpu();
        long sent = sent(port);
        assertTrue(sent > 0, "the socket's counter was found");
        Wait.pause(time);
        return new Cost(sent(port) - sent, host.agent().process().cpu().minus(cpu));
    }

    private static long sent(int port) {
        String sockets = Programs.run("ss", "-tinH", "state", "established", "sport = :" + port);
        Matcher bytes = SENT.matcher(sockets);
        return bytes.find() ? Long.parseLong(bytes.group(1)) : 0;
    }
}
