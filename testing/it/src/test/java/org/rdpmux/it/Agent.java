// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The agent as it is shipped, run as its own process, and its control command. */
final class Agent {

    private static final Path DIST = Programs.root().resolve("agent/daemon/target/dist");
    private static final Pattern ADDRESS = Pattern.compile("rdp://127\\.0\\.0\\.1:(\\d+)");

    private final Programs programs;
    private final Path directory;
    private final Path configuration;
    private Programs.Background process;

    /**
     * Configures an agent with directories of its own that lets anybody in, unless the settings say otherwise; {@link
     * #start} runs it.
     */
    Agent(Programs programs, Map<String, String> settings) {
        this.programs = programs;
        try {
            directory = Files.createTempDirectory(Path.of("/tmp"), "rdpmux-ag");
            programs.atEnd(() -> delete(directory));
            Map<String, String> all = new LinkedHashMap<>();
            all.put("state.directory", directory.resolve("state").toString());
            all.put("runtime.directory", directory.resolve("run").toString());
            all.put("security.policy", "none");
            all.putAll(settings);
            configuration = directory.resolve("rdpmux.conf");
            List<String> lines = new ArrayList<>();
            all.forEach((key, value) -> lines.add(key + " = " + value));
            Files.write(configuration, lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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

    private Agent start(List<String> wrapper) {
        List<String> command = new ArrayList<>(wrapper);
        command.addAll(List.of(DIST.resolve("bin/rdpmux").toString(), "--config", configuration.toString()));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home")); // the Java that is being tested
        process = programs.start(builder);
        return this;
    }

    Path directory() {
        return directory;
    }

    Programs.Background process() {
        return process;
    }

    /** Runs {@code rdpmuxctl} against this agent. */
    Programs.Result ctl(String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                DIST.resolve("bin/rdpmuxctl").toString(),
                "--socket",
                directory.resolve("run/control.sock").toString()));
        command.addAll(List.of(arguments));
        return Programs.result(command.toArray(String[]::new));
    }

    /** How to run {@code rdpmuxctl} against this agent from a shell. */
    String ctlCommand() {
        return DIST.resolve("bin/rdpmuxctl") + " --socket " + directory.resolve("run/control.sock");
    }

    /** The port of a console's endpoint as {@code rdpmuxctl list} tells it, if it has one. */
    Optional<Integer> port(String console) {
        for (String line : ctl("list").output().split("\n")) {
            if (line.startsWith(console + " ")) {
                Matcher address = ADDRESS.matcher(line);
                return address.find() ? Optional.of(Integer.parseInt(address.group(1))) : Optional.empty();
            }
        }
        return Optional.empty();
    }

    int awaitPort(String console) {
        return Programs.awaitValue(
                "an endpoint for " + console + "; the agent said: " + process.output(),
                Duration.ofSeconds(20),
                () -> port(console));
    }

    static boolean accepts(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress("127.0.0.1", port), 1000);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static void delete(Path directory) throws IOException {
        try (var files = Files.walk(directory)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
