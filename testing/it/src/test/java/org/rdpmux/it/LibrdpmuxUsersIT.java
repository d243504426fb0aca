// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.rdpmux.testkit.rdp.ClientOptions;
import org.rdpmux.testkit.rdp.RdpClient;

/**
 * An agent and guests with users of their own, as on a real host: what they share is a group, and the agent has the
 * capability and the umask that the documentation and the unit give it.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class LibrdpmuxUsersIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int WIDTH = 1280;
    private static final int HEIGHT = 880;

    /** Accounts and groups that every Debian has and nobody uses; the bus turns users without an account away. */
    private static final String AGENT = "daemon";

    private static final String GUEST = "games";
    private static final String STRANGER = "bin";
    private static final String SHARED_GROUP = "video";

    @RegisterExtension
    final Programs programs = new Programs();

    private Path directory;
    private Bus bus;
    private Background agent;

    @BeforeEach
    void start() throws IOException {
        directory = Files.createTempDirectory(Path.of("/tmp"), "rdpmux-us");
        programs.atEnd(() -> Programs.run("rm", "-r", directory.toString()));
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        String dist = Programs.root().resolve("agent/daemon/target/dist").toString();
        Programs.run("cp", "-r", dist, MuxGuest.build() + "/guest_librdpmux", directory.toString());
        Programs.run("chmod", "-R", "go+rX", directory.toString());
        for (String own : List.of("state", "run")) {
            Files.createDirectory(directory.resolve(own));
            Programs.run("chown", AGENT + ":" + AGENT, directory.resolve(own).toString());
        }
        Programs.run("chmod", "755", directory.resolve("run").toString());
        Programs.run("mkdir", "-m", "777", directory + "/frames"); // for what guests write
        bus = new Bus(programs);
        Programs.run("chmod", "-R", "go+rX", programs.directory().toString());
        Programs.run("sh", "-c", "chmod 666 " + bus.address().replace("unix:path=", ""));
        Files.writeString(directory.resolve("rdpmux.conf"), """
                libvirt.uri =
                state.directory = %1$s/state
                runtime.directory = %1$s/run
                security.policy = none
                librdpmux.bus = %2$s
                librdpmux.group = %3$s
                librdpmux.unmanaged = yes
                """.formatted(directory, bus.address(), SHARED_GROUP));
    }

    private void startAgent(String... capabilities) {
        List<String> command = new ArrayList<>(List.of("setpriv", "--reuid=" + AGENT, "--regid=" + AGENT));
        command.addAll(List.of("--groups=" + SHARED_GROUP, "--no-new-privs"));
        command.addAll(List.of(capabilities));
        String run = directory + "/dist/bin/rdpmux --config " + directory + "/rdpmux.conf";
        command.addAll(List.of("sh", "-c", "umask 077; exec " + run));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        agent = programs.start(builder);
        agent.awaitOutput("Guests can register");
    }

    private Background guest(String user, String group, Map<String, String> environment, String... options) {
        List<String> command = new ArrayList<>(List.of("setpriv", "--reuid=" + user, "--regid=" + user));
        command.addAll(List.of("--groups=" + group, "--inh-caps=-all", "--bounding-set=-all"));
        command.addAll(List.of(directory + "/guest_librdpmux", "--size", WIDTH + "x" + HEIGHT, "--delay", "300"));
        command.addAll(List.of("--log", directory + "/frames/" + user));
        command.addAll(List.of(options));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("DBUS_SYSTEM_BUS_ADDRESS", bus.address());
        builder.environment().putAll(environment);
        Background guest = programs.start(builder);
        programs.atEnd(() -> {
            guest.end();
            Optional<Path> left = MuxGuest.sharedMemory(guest.output());
            if (left.isPresent()) {
                Files.deleteIfExists(left.get());
            }
        });
        return guest;
    }

    private int port(String guest) {
        Pattern listed = Pattern.compile("rdpmux: " + guest + " .*rdp://127\\.0\\.0\\.1:(\\d+) ");
        return Wait.value("an endpoint; the agent said: " + agent.output(), () -> {
            Matcher line = listed.matcher(agent.output());
            return line.find() ? Optional.of(Integer.parseInt(line.group(1))) : Optional.empty();
        });
    }

    private void assertShown(Background guest, String name) throws IOException {
        RdpClient client = RdpClient.connect(new InetSocketAddress("127.0.0.1", port(name)), ClientOptions.DEFAULT);
        programs.atEnd(client::close);
        Picture screen = Wait.value("the guest draws; it said: " + guest.output(), () -> {
            Picture drawn = MuxGuest.screen(guest::output, WIDTH, HEIGHT);
            return !drawn.isPlain() ? Optional.of(drawn) : Optional.empty();
        });
        client.awaitActive()
                .await(
                        "the guest's screen; the agent said: " + agent.output(),
                        c -> c.width() == WIDTH
                                && new Picture(WIDTH, HEIGHT, c.screen())
                                        .difference(screen)
                                        .isEmpty(),
                        LIMIT);
        assertEquals(List.of(), client.violations());
    }

    @Test
    void aGuestOfAnotherUserIsShownIfItIsInTheGroup() throws IOException {
        startAgent("--inh-caps=-all", "--bounding-set=-all");
        String uuid = "7c6f1b6e-0000-4000-8000-0000000064aa";
        Background guest = guest(GUEST, SHARED_GROUP, Map.of(), "--proto", "5", "--uuid", uuid);
        assertShown(guest, uuid);
        // One that is not in the group registers, but has no way to its socket, and harms nobody.
        String other = "7c6f1b6e-0000-4000-8000-0000000064bb";
        Background stranger = guest(STRANGER, STRANGER, Map.of(), "--proto", "5", "--uuid", other);
        stranger.awaitOutput("registered id=");
        assertShown(guest, uuid);
    }

    @Test
    void theLibraryOfAnotherUsersGuestIsSeenWithTheCapability() throws IOException {
        startAgent("--inh-caps=-all,+sys_ptrace", "--ambient-caps=-all,+sys_ptrace", "--bounding-set=-all,+sys_ptrace");
        Path library = directory.resolve("librdpmux.so.0.4.0");
        Programs.run("gcc", "-shared", "-x", "c", "-o", library.toString(), "/dev/null");
        String uuid = "7c6f1b6e-0000-4000-8000-0000000064cc";
        Background guest =
                guest(GUEST, SHARED_GROUP, Map.of("LD_PRELOAD", library.toString()), "--proto", "3", "--uuid", uuid);
        assertShown(guest, uuid);
    }
}
