// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.it;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What systemd's journal, the real one, makes of what the agent logs. It keeps it in memory, in directories of its own. */
class JournalIT {

    /** Runs the journal in a mount namespace; it neither reads the kernel's log nor changes its auditing. */
    private static final String JOURNAL = """
            set -e
            mkdir -p /run/systemd /run/log
            mount -t tmpfs rdpmux-test /run/systemd
            mount -t tmpfs rdpmux-test /run/log
            mkdir -p /run/systemd/journal /run/systemd/journald.conf.d
            printf '[Journal]\\nStorage=volatile\\nAudit=\\nReadKMsg=no\\nForwardToSyslog=no\\nRateLimitBurst=0\\n' \
                >/run/systemd/journald.conf.d/test.conf
            exec /lib/systemd/systemd-journald
            """;

    @RegisterExtension
    static Programs programs = new Programs();

    @Test
    void entriesAreFoundByConsoleUserAndEvent() {
        Background journal = programs.start("unshare", "--mount", "--propagation", "private", "sh", "-c", JOURNAL);
        Path socket = Path.of("/proc/" + journal.pid() + "/root/run/systemd/journal/socket");
        Wait.until("the journal listens", () -> Files.exists(socket), journal::output);
        List<String> inside = List.of("nsenter", "--mount", "--target", Long.toString(journal.pid()));
        VncGuest guest = new VncGuest(Scene.desktop(320, 200, 0));
        Agent agent = new Agent(
                        programs, Map.of("libvirt.uri", "", "librdpmux.enabled", "no", "console.desk", guest.address()))
                .startForJournal(inside);
        int port = agent.awaitPort("desk");
        Desktop desktop = new Desktop(programs);
        Background client = desktop.start(Clients.XFREERDP_32.command(port));
        awaitEntry(inside, "RDPMUX_CONSOLE=desk", "rdp://127.0.0.1:" + port, client);
        awaitEntry(inside, "RDPMUX_CONSOLE=desk", "has joined", client);
        awaitEntry(inside, "RDPMUX_EVENT=login", "event=login result=allowed", client);
        awaitEntry(inside, "SYSLOG_IDENTIFIER=rdpmux", "security.policy is 'none'", client);
        String warnings = entries(inside, "PRIORITY=4");
        assertTrue(warnings.contains("security.policy is 'none'") && !warnings.contains("has joined"), warnings);
    }

    private static void awaitEntry(List<String> inside, String match, String text, Background client) {
        Wait.until(
                "the journal has '" + text + "' for " + match,
                () -> entries(inside, match).contains(text),
                client::output);
    }

    private static String entries(List<String> inside, String match) {
        List<String> command = new ArrayList<>(inside);
        command.addAll(List.of("journalctl", "--no-pager", "--output", "cat", match));
        return Programs.result(command.toArray(String[]::new)).output();
    }
}
