// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The command lines of {@code docs/api.md}, which need curl.
 *
 * @param alias what the document has {@code api} stand for
 * @param lines commands that answer and end
 */
record ApiDocument(String alias, List<String> lines) {

    /** What a command line came to. */
    record Outcome(int status, String output) {}

    static ApiDocument read(Path file) throws IOException {
        List<String> all = Files.readAllLines(file);
        String alias = all.stream()
                .filter(line -> line.startsWith("alias api='"))
                .map(line -> line.substring("alias api='".length(), line.length() - 1))
                .findFirst()
                .orElseThrow();
        return new ApiDocument(
                alias,
                all.stream()
                        .filter(line -> line.startsWith("api ") || line.contains(" | api "))
                        .toList());
    }

    /** Runs a line in a shell. */
    Outcome run(String line, Path directory) throws Exception {
        Process shell = new ProcessBuilder("sh", "-c", "api() { " + alias + " \"$@\"; }\n" + line)
                .directory(directory.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        shell.getOutputStream().close();
        String output = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(shell.waitFor(30, TimeUnit.SECONDS), line);
        return new Outcome(shell.exitValue(), output);
    }
}
