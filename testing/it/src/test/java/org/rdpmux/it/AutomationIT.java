// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A guest that a script drives, as the documentation does it. */
class AutomationIT {

    @RegisterExtension
    static Programs programs = new Programs();

    private static Host host;
    private static KeysGuest guest;

    @BeforeAll
    static void start() {
        host = new Host(programs);
        guest = host.keys("lab");
        host.agent().awaitPort("lab");
    }

    private static void ctl(String... arguments) {
        Programs.Result result = host.agent().ctl(arguments);
        assertEquals(0, result.status(), result.output());
    }

    /** Keeps what the screen shows, once the guest has painted it, as somebody who goes through it by hand does. */
    private static void keepPage(KeysGuest installer, Path file) {
        Wait.until(
                "a page is kept",
                () -> {
                    ctl("screenshot", installer.name(), file.toString());
                    return Picture.readImage(file)
                            .difference(installer.screenshot())
                            .isEmpty();
                },
                installer::lines);
    }

    @Test
    void theScriptOfTheDocumentationGoesThroughTheGuestsPagesUnattended() throws Exception {
        Path directory = programs.newDirectory("script");
        String document = Files.readString(Programs.root().resolve("docs/automation.md"));
        int from = document.indexOf("```sh\n") + "```sh\n".length();
        String script = document.substring(from, document.indexOf("```", from));
        KeysGuest installer = host.keys("web1");
        host.agent().awaitPort("web1");
        keepPage(installer, directory.resolve("page1.png"));
        ctl("key", "web1", "f3");
        Wait.until("the second page is painted", () -> installer.lines().contains("MODE 800 600 32"), installer::lines);
        keepPage(installer, directory.resolve("page2.png"));
        host.libvirt().virsh("destroy", "web1");
        Programs.Result result = Programs.result(
                "sh",
                "-c",
                "cd \"$0\"\nvirsh() { command virsh -c '" + host.libvirt().uri() + "' \"$@\"; }\nrdpmuxctl() { "
                        + shell(host.agent().control()) + " \"$@\"; }\n" + script,
                directory.toString());
        assertEquals(0, result.status(), result.output());
        assertEquals(800, Picture.readImage(directory.resolve("installed.png")).width());
    }

    private static String shell(List<String> command) {
        List<String> quoted = new ArrayList<>();
        command.forEach(word -> quoted.add("'" + word + "'"));
        return String.join(" ", quoted);
    }

    @Test
    void waitsForAChangeAndForRest() throws IOException {
        guest.command("t");
        Background changed = programs.launch(
                new ProcessBuilder(host.agent().control("expect", "lab", "--changed", "--timeout", "300")));
        Wait.until("the change is seen", () -> {
            ctl("key", "lab", "a");
            return !changed.isAlive();
        });
        assertEquals(0, changed.awaitEnd());
        ctl("expect", "lab", "--settled", "500", "--timeout", "300");
    }

    @Test
    void keepsWhatIsShownInsteadOfWhatWasExpected() {
        Path directory = programs.newDirectory("failed");
        Path other = directory.resolve("other.png");
        new Picture(800, 600, new int[800 * 600]).save(other);
        Path failed = directory.resolve("failed.png");
        Programs.Result result = host.agent()
                .ctl(
                        "expect",
                        "lab",
                        "--image",
                        other.toString(),
                        "--timeout",
                        "1",
                        "--screenshot-on-failure",
                        failed.toString());
        assertEquals(1, result.status(), result.output());
        assertTrue(result.output().contains("has not come within 1 s"), result.output());
        assertTrue(Picture.readImage(failed).width() > 0);
    }
}
