// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.control.doctor;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The host as the checks see it. Nothing is changed.
 *
 * @param root of its file system
 * @param environment that programs run with, beside ours
 * @param clock the host's
 */
public record Host(Path root, Map<String, String> environment, Clock clock) {

    /** For a program that waits for something, such as a bus that does not answer. */
    private static final int PATIENCE_SECONDS = 5;

    /** A day's kernel log can be long; what is beyond is older. */
    private static final int MAX_OUTPUT = 4 * 1024 * 1024;

    /** This host. */
    public static Host current() {
        return new Host(Path.of("/"), Map.of(), Clock.systemUTC());
    }

    /** @param output of both streams */
    record Result(int status, String output) {}

    Path file(String path) {
        return root.resolve(path.substring(1));
    }

    /** Its text; empty if it is not there or not to be read. */
    Optional<String> read(String path) {
        try {
            return Optional.of(Files.readString(file(path)));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Runs a program; empty if there is none of that name or it does not end. */
    Optional<Result> run(String... command) {
        // By env: whether there is such a program is a matter of the PATH that it is given.
        List<String> words = new ArrayList<>(List.of("/usr/bin/env", "LC_ALL=C"));
        words.addAll(List.of(command));
        ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true);
        builder.environment().putAll(environment);
        try {
            Path output = Files.createTempFile("rdpmuxctl", null);
            try {
                Process process = builder.redirectInput(Path.of("/dev/null").toFile())
                        .redirectOutput(output.toFile())
                        .start();
                if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                    return Optional.empty();
                }
                int notFound = 127;
                return process.exitValue() == notFound
                        ? Optional.empty()
                        : Optional.of(new Result(process.exitValue(), beginning(output)));
            } finally {
                Files.delete(output);
            }
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private static String beginning(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            return new String(in.readNBytes(MAX_OUTPUT), StandardCharsets.UTF_8).strip();
        }
    }
}
