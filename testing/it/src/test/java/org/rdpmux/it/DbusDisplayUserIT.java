// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.it;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The D-Bus display for an agent that is not root: QEMU believes its peers to be who made their sockets, and nobody else. */
class DbusDisplayUserIT {

    private static final String USER = "daemon";

    @RegisterExtension
    final Programs programs = new Programs();

    @Test
    void theUserOfTheUnitSeesTheScreen() throws IOException {
        assumeTrue(System.getProperty("user.name").equals("root"), "only root can run an agent as somebody else");
        Libvirtd libvirt = new Libvirtd(programs);
        Path directory = Files.createTempDirectory(Path.of("/tmp"), "rdpmux-du");
        programs.atEnd(() -> Programs.run("rm", "-r", directory.toString()));
        String dist = Programs.root().resolve("agent/daemon/target/dist").toString();
        Programs.run("cp", "-r", dist, directory.toString());
        for (String own : new String[] {"state", "run"}) {
            Files.createDirectory(directory.resolve(own));
        }
        Path socket = Files.createDirectory(directory.resolve("libvirt"));
        Programs.run("ln", libvirt.directory().resolve("run/libvirt-sock").toString(), socket.toString());
        Files.writeString(directory.resolve("rdpmux.conf"), """
                libvirt.uri = qemu+unix:///system?socket=%1$s/libvirt/libvirt-sock
                state.directory = %1$s/state
                runtime.directory = %1$s/run
                security.policy = none
                """.formatted(directory));
        Programs.run("chown", "-R", USER + ":" + USER, directory.toString());
        KeysGuest guest = new KeysGuest(libvirt, "keys", SerialGuest.DBUS);
        guest.command("v 800 600 32");
        ProcessBuilder builder = new ProcessBuilder(
                "setpriv",
                "--reuid=" + USER,
                "--regid=" + USER,
                "--clear-groups",
                "--inh-caps=-all",
                "--bounding-set=-all",
                "--no-new-privs",
                directory + "/dist/bin/rdpmux",
                "--config",
                directory + "/rdpmux.conf");
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Background agent = programs.start(builder);
        Pattern listed = Pattern.compile("rdpmux: keys .*rdp://127\\.0\\.0\\.1:(\\d+) .*D-Bus display");
        int port = Wait.value(
                "an endpoint",
                () -> {
                    Matcher line = listed.matcher(agent.output());
                    return line.find() ? Optional.of(Integer.parseInt(line.group(1))) : Optional.empty();
                },
                agent::output);
        new Viewer(programs, Clients.XFREERDP_32, port).awaitShows(guest::screenshot);
    }
}
