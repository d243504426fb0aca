// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The agent on a disk that fills up: a small one that it alone sees, in a mount namespace of its own. */
class DiskFullIT {

    @RegisterExtension
    static Programs programs = new Programs();

    private Agent agent;
    private Path state;

    @BeforeEach
    void start() {
        agent = new Agent(programs, Map.of("libvirt.uri", "", "librdpmux.enabled", "no"));
        agent.startOnSmallDisk();
        Wait.until("the agent answers", () -> agent.ctl("status").status() == 0, () -> agent.ctl("status"));
        state = Path.of("/proc", Long.toString(agent.process().pid()), "root")
                .resolve(agent.directory().resolve("state").toString().substring(1));
    }

    private void fill() throws IOException {
        try (OutputStream filler = Files.newOutputStream(state.resolve("filler"))) {
            while (true) {
                filler.write(1);
            }
        } catch (IOException full) {
            assertTrue(full.getMessage().contains("No space left"), full.getMessage());
        }
    }

    private List<String> files() throws IOException {
        try (var files = Files.list(state)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private String text(String name) {
        try {
            return Files.readString(state.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private int attach(String name) {
        Programs.Result result = agent.ctl("attach", "vnc://127.0.0.1:1", "--name", name);
        assertEquals(0, result.status(), result.output());
        return agent.awaitPort(name);
    }

    private Programs.Result addUser(String name) {
        return Programs.result(
                "sh", "-c", "printf 'secret\\n' | " + String.join(" ", agent.control()) + " user add " + name);
    }

    @Test
    void nothingIsLostAndNothingIsHalfWritten() throws IOException {
        assertEquals(0, addUser("anna").status());
        int first = attach("first");
        String ports = text("ports");
        String attached = text("attached");
        String users = text("users");
        assertTrue(ports.contains("first") && users.contains("anna"), ports + users);
        fill();
        List<String> before = files();

        int second = attach("second");
        assertNotEquals(first, second);
        attach("third");
        Programs.Result refused = addUser("bert");
        assertNotEquals(0, refused.status());
        assertTrue(refused.output().contains("No space left on device"), refused.output());
        assertEquals(1, refused.output().strip().lines().count(), refused.output());
        assertEquals(List.of(ports, attached, users), List.of(text("ports"), text("attached"), text("users")));
        assertEquals(before, files());
        assertTrue(agent.ctl("status").output().contains("No space left on device"));
        assertEquals(
                1,
                agent.process()
                        .output()
                        .lines()
                        .filter(l -> l.contains("No space left on"))
                        .count(),
                agent.process().output());
        assertFalse(agent.ctl("user", "list").output().contains("bert"));

        Files.delete(state.resolve("filler"));
        Wait.until(
                "what was owed is written",
                () -> text("ports").contains("third") && text("attached").contains("third"));
        agent.process().awaitOutput("is written to again");
        assertEquals(0, addUser("bert").status());
        assertTrue(text("users").contains("anna") && text("users").contains("bert"), text("users"));
        assertEquals(second, agent.awaitPort("second"));
    }
}
