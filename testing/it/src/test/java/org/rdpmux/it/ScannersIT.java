// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the tools of people who look for weak servers find, which the page on security shows. */
class ScannersIT {

    private static final Pattern TOOK = Pattern.compile(" duration_ms=(\\d+)");

    @RegisterExtension
    static Programs programs = new Programs();

    private static LoginFixture logins;
    private static String port;

    @BeforeAll
    static void start() {
        logins = new LoginFixture(programs, Map.of("libvirt.uri", "", "console.lab", "vnc://127.0.0.1:1"));
        port = Integer.toString(logins.agent().awaitPort("lab"));
        logins.addUser("ann", "s3cret-of-ann", "");
    }

    /** The lines of what {@code docs/security.md} shows under a command. */
    private static List<String> shown(String command) throws IOException {
        String page = Files.readString(Programs.root().resolve("docs/security.md"));
        Matcher block = Pattern.compile("\\$ " + command + " [^\\n]*\\n(.*?)\\n(?:\\n|```)", Pattern.DOTALL)
                .matcher(page);
        assertTrue(block.find(), command);
        return normal(block.group(1));
    }

    /** Without what differs from host to host and from moment to moment. */
    private static List<String> normal(String output) {
        return output.lines()
                .map(line -> line.strip()
                        .replaceAll("\\s+", " ")
                        .replaceFirst("Name: .*", "Name")
                        .replaceFirst("Time: .*", "Time"))
                .toList();
    }

    @Test
    void nmapSeesWhatThePageShows() throws IOException {
        // One after the other: it shows scripts in the order in which they end.
        String output = nmap("rdp-enum-encryption") + nmap("rdp-ntlm-info");
        List<String> found =
                normal(output).stream().filter(line -> line.startsWith("|")).toList();
        assertEquals(shown("nmap"), found, output);
    }

    private static String nmap(String script) {
        return Programs.run("nmap", "-Pn", "-p", port, "--script", "+" + script, "127.0.0.1");
    }

    @Test
    void sslscanSeesWhatThePageShows() throws IOException {
        String output = Programs.run("sslscan", "--no-colour", "--rdp", "127.0.0.1:" + port);
        List<String> found = normal(output).stream()
                .filter(line -> line.matches("(SSL|TLS)v[0-9.]+ (en|dis)abled|(Session|Preferred|Accepted) .*"))
                .toList();
        assertEquals(shown("sslscan"), found, output);
    }

    @Test
    void hydraIsSlowedDownAndThenLockedOutAndNeverLearnsTheRightPassword() throws IOException {
        Path passwords = programs.newDirectory("hydra").resolve("passwords");
        Files.writeString(
                passwords,
                IntStream.range(0, 20).mapToObj(i -> "guess" + i + "\n").collect(Collectors.joining())
                        + "s3cret-of-ann\n");
        // One guess at a time: from version 9.5 on it leaves others alone that still wait when one is answered.
        String output = Programs.run(
                "hydra", "-t", "1", "-l", "ann", "-P", passwords.toString(), "-s", port, "rdp://127.0.0.1");
        assertTrue(output.contains(" 0 valid password found"), output);
        List<String> trail = Files.readAllLines(logins.audit());
        List<Long> waits = trail.stream()
                .filter(line -> line.contains(" reason=wrong-credentials claimed=ann "))
                .map(line -> TOOK.matcher(line).results().findFirst().orElseThrow())
                .map(took -> Long.parseLong(took.group(1)))
                .sorted()
                .toList();
        assertEquals(10, waits.size(), trail::toString);
        assertTrue(waits.get(3) >= 1000 && waits.get(6) >= 8000, waits::toString);
        assertTrue(trail.stream().anyMatch(line -> line.contains(" reason=locked-out claimed=ann ")), trail::toString);
        assertTrue(
                trail.stream()
                        .noneMatch(
                                line -> line.contains(" result=allowed user=ann ") && line.contains(" event=login ")),
                trail::toString);
    }
}
