// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.rdpmux.control.ConsoleList;
import org.rdpmux.control.ConsoleReport;
import org.rdpmux.control.ControlClient;
import org.rdpmux.control.Request;

/** The agent as it is shipped, run as its own process, and its control command. */
final class Agent {

    private static final Path DIST = Programs.root().resolve("agent/daemon/target/dist");
    private static final int PORTS = 100;

    private final Programs programs;
    private final Path directory;
    private final Path configuration;
    private final int firstPort;
    private String javaOptions = "";
    private Background process;

    /**
     * Configures an agent with directories and ports of its own that lets anybody in, unless the settings say otherwise;
     * {@link #start} runs it.
     */
    Agent(Programs programs, Map<String, String> settings) {
        this.programs = programs;
        programs.atEnd(this::end); // whichever runs then: it may be killed and started again
        directory = programs.newDirectory("agent");
        firstPort = freePorts();
        Map<String, String> all = new LinkedHashMap<>();
        all.put("state.directory", directory.resolve("state").toString());
        all.put("runtime.directory", directory.resolve("run").toString());
        all.put("listen.ports", firstPort + "-" + lastPort());
        all.put("security.policy", "none");
        all.putAll(settings);
        configuration = directory.resolve("rdpmux.conf");
        List<String> lines = new ArrayList<>();
        all.forEach((key, value) -> lines.add(key + " = " + value));
        try {
            Files.write(configuration, lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ports that the system does not give to outgoing connections, so that one which is free stays free for the test. */
    private static int freePorts() {
        return Wait.value("free ports", () -> {
            int first = ThreadLocalRandom.current().nextInt(100, 300) * PORTS;
            return isFree(first) && isFree(first + PORTS - 1) ? Optional.of(first) : Optional.empty();
        });
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }

    /** Options for its Java, from the next start on. */
    Agent withJavaOptions(String options) {
        javaOptions = options;
        return this;
    }

    Agent start() {
        return start(List.of());
    }

    /** As {@link #start}, with a state directory that has room for little more than the agent's files, and is its alone. */
    Agent startOnSmallDisk() {
        String mount = "mkdir -p \"$0\" && mount -t tmpfs -o size=64k rdpmux-test \"$0\" && exec \"$@\"";
        return start(List.of(
                "unshare",
                "--mount",
                "--propagation",
                "private",
                "sh",
                "-c",
                mount,
                directory.resolve("state").toString()));
    }

    /** As {@link #start}, by such a command, and as if systemd had connected it with the journal. */
    Agent startForJournal(List<String> wrapper) {
        List<String> command = new ArrayList<>(wrapper);
        command.addAll(List.of("env", "JOURNAL_STREAM=1:1"));
        return start(command);
    }

    private Agent start(List<String> wrapper) {
        List<String> command = new ArrayList<>(wrapper);
        command.addAll(List.of(DIST.resolve("bin/rdpmux").toString(), "--config", configuration.toString()));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home")); // the Java that is being tested
        builder.environment().put("RDPMUX_JAVA_OPTIONS", javaOptions);
        process = programs.launch(builder);
        return this;
    }

    private void end() {
        if (process != null) {
            process.end();
        }
    }

    /** Ends it the hard way. */
    void kill() {
        process.signal("KILL");
        process.awaitEnd();
    }

    Path directory() {
        return directory;
    }

    Background process() {
        return process;
    }

    /** The port it takes first. */
    int firstPort() {
        return firstPort;
    }

    /** A port it takes only if it is told to, or has no other left. */
    int lastPort() {
        return firstPort + PORTS - 1;
    }

    /** A command line of {@code rdpmuxctl} for this agent. */
    List<String> control(String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                DIST.resolve("bin/rdpmuxctl").toString(),
                "--socket",
                controlSocket().toString()));
        command.addAll(List.of(arguments));
        return command;
    }

    Path controlSocket() {
        return directory.resolve("run/control.sock");
    }

    /** Runs {@code rdpmuxctl} against this agent. */
    Programs.Result ctl(String... arguments) {
        return Programs.result(control(arguments).toArray(String[]::new));
    }

    /** The consoles, as the control socket tells them; none while nobody answers there. */
    List<ConsoleReport> consoles() {
        try (ControlClient client = ControlClient.connect(controlSocket(), Wait.LIMIT)) {
            return client.ask(new Request.ListConsoles(), ConsoleList.class).consoles();
        } catch (IOException e) {
            return List.of();
        }
    }

    Optional<ConsoleReport> console(String name) {
        return consoles().stream()
                .filter(console -> console.name().equals(name))
                .findFirst();
    }

    /** The port of a console's endpoint, if it has one. */
    Optional<Integer> port(String console) {
        return console(console).map(ConsoleReport::port).filter(port -> port != 0);
    }

    int awaitPort(String console) {
        return Wait.value("an endpoint for " + console, () -> port(console), this::consoles);
    }

    void awaitPort(String console, int port) {
        Wait.until(
                console + " has port " + port,
                () -> port(console).equals(Optional.of(port)) && accepts(port),
                this::consoles);
    }

    /** Waits until a console has no endpoint any more, and nobody listens at its port. */
    void awaitGone(String console, int port) {
        Wait.until(
                console + " lost its endpoint at " + port,
                () -> port(console).isEmpty() && !accepts(port),
                this::consoles);
    }

    static boolean accepts(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress("127.0.0.1", port), (int) Wait.LIMIT.toMillis());
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
