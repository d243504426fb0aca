// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Text between the clipboards of real clients and of a guest, which is TigerVNC's X server, each with xclip. */
class ClipboardIT {

    @RegisterExtension
    static Programs programs = new Programs();

    private static final String CONSOLE = "copies";

    private Agent agent;
    /** The guest's X display, and its VNC socket. */
    private String guest;

    private Path vnc;
    private int texts;

    /** Starts a guest that takes texts of two megabytes. */
    @BeforeEach
    void startGuest() {
        guest = Wait.value("a guest", () -> {
            String display = ":" + ThreadLocalRandom.current().nextInt(100, 60_000);
            Path socket = programs.newDirectory("guest").resolve("vnc");
            Background server = programs.start(
                    "Xtigervnc",
                    display,
                    "-SecurityTypes",
                    "None",
                    "-rfbport",
                    "-1",
                    "-rfbunixpath",
                    socket.toString(),
                    "-MaxCutText",
                    "2000000",
                    "-geometry",
                    "640x480",
                    "-nolisten",
                    "tcp",
                    "-displayfd",
                    "1");
            Wait.until(
                    "the guest is ready or gone",
                    () -> !server.isAlive() || server.output().lines().anyMatch(display.substring(1)::equals),
                    server::output);
            vnc = socket;
            return server.isAlive() ? Optional.of(display) : Optional.empty();
        });
    }

    private void startAgent(String clipboard) {
        agent = new Agent(programs, Map.of("display.clipboard", clipboard, "librdpmux.enabled", "no")).start();
        Wait.until(
                "the guest is attached",
                () -> agent.ctl("attach", "vnc+unix://" + vnc, "--name", CONSOLE)
                                .status()
                        == 0);
    }

    /** A client and its X display. */
    private record Client(String display, Background program) {

        /** How often the agent has said that it took what the client told of its clipboard. */
        long told() {
            return program.output()
                    .lines()
                    .filter(line -> line.contains("ServerFormatListResponse"))
                    .count();
        }
    }

    /** A client that sees the guest and has told of its clipboard. */
    private Client viewer(Clients client) {
        Desktop desktop = new Desktop(programs);
        int before = viewers();
        int port = agent.awaitPort(CONSOLE);
        // By the line: from 3.15 on, xfreerdp3 keeps what it logs until it has much of it.
        List<String> command = new ArrayList<>(List.of("stdbuf", "-oL"));
        command.addAll(client.command(port, "+clipboard", "/log-level:DEBUG"));
        Client started = new Client(desktop.display(), desktop.start(command));
        Wait.until("the client sees the guest", () -> viewers() == before + 1, started.program()::output);
        return started;
    }

    /** Copies at a client's end, and waits until the agent knows. */
    private static void copyThere(Client client, String text) {
        long before = client.told();
        Wait.until("the client has told that something was copied", () -> {
            copy(client.display(), text); // again: the answer is missed by a client whose desktop changes
            Wait.pause(Duration.ofMillis(200));
            return client.told() > before;
        });
    }

    private int viewers() {
        return agent.console(CONSOLE).orElseThrow().viewers().size();
    }

    /** A text that nobody has copied before. */
    private String text(int lines) {
        return ("Gr\u00fc\u00dfe \ud83d\ude00 " + ++texts + "\n").repeat(lines) + "ende";
    }

    private static void copy(String display, String text) {
        try {
            Path file = Files.writeString(programs.newDirectory("copied").resolve("text"), text);
            Programs.run("env", "DISPLAY=" + display, "xclip", "-selection", "clipboard", "-i", file.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String paste(String display) {
        return Programs.result(
                        "timeout",
                        "20",
                        "env",
                        "DISPLAY=" + display,
                        "xclip",
                        "-selection",
                        "clipboard",
                        "-t",
                        "UTF8_STRING",
                        "-o")
                .output();
    }

    /** Copies at one end until the other has it: an end may not have begun to look. */
    private void copies(String from, String to, String text) {
        String[] last = new String[1];
        Wait.until(
                text.length() + " characters go from " + from + " to " + to,
                () -> {
                    copy(from, text); // again: an end may not have begun to look
                    Wait.pause(Duration.ofMillis(200));
                    last[0] = paste(to);
                    return last[0].equals(text);
                },
                () -> last[0].length() + " characters: " + last[0].lines().findFirst());
    }

    @Test
    void textGoesBothWays() {
        startAgent("both");
        String viewer = viewer(Clients.XFREERDP_32).display();
        for (int lines : new int[] {1, 1, 60_000, 1}) {
            String toGuest = text(lines);
            copies(viewer, guest, toGuest);
            String toClient = text(lines);
            copies(guest, viewer, toClient);
        }
        for (String event : List.of("clipboard-to-guest", "clipboard-to-client")) {
            Wait.until( // some are told as a sum, ten seconds later
                    event + " is in the audit trail",
                    () -> agent.process().output().contains("event=" + event + " result=allowed user=viewer"),
                    agent.process()::output);
        }
        assertFalse(agent.process().output().contains("ende"), agent.process()::output);
    }

    @Test
    void guestGetsNothingOfTheClientIfThePolicyForbidsIt() {
        startAgent("guest-to-client");
        Client viewer = viewer(Clients.XFREERDP_32);
        String own = text(1);
        copies(guest, viewer.display(), own);
        copyThere(viewer, "not for guests");
        assertEquals(own, paste(guest));
        copies(guest, viewer.display(), text(1));
        assertFalse(agent.process().output().contains("clipboard-to-guest"));
    }

    @Test
    void clientGetsNothingOfTheGuestIfThePolicyForbidsIt() {
        startAgent("client-to-guest");
        Client viewer = viewer(Clients.XFREERDP_32);
        copies(viewer.display(), guest, text(1));
        copy(guest, "not for clients");
        copies(viewer.display(), guest, text(1));
        String told = viewer.program().output();
        assertFalse(told.contains("ServerFormatList:"), told);
        assertFalse(agent.process().output().contains("clipboard-to-client"));
    }

    @Test
    void secondViewerHearsNothingUntilTheFirstHasLeft() {
        startAgent("both");
        Client first = viewer(Clients.XFREERDP_32);
        copies(first.display(), guest, text(1));
        Client second = viewer(Clients.XFREERDP_32);
        String own = text(1);
        copyThere(second, own);
        copies(guest, first.display(), text(1));
        assertEquals(own, paste(second.display()));
        first.program().end();
        Wait.until("the first has left", () -> viewers() == 1);
        copies(guest, second.display(), text(1));
        copies(second.display(), guest, text(1));
    }
}
