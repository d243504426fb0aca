// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The programs in bin, with a Java that only says how it was called. */
class LauncherTest {

    @TempDir
    Path directory;

    private Path home;

    private record Outcome(int status, String output) {}

    @BeforeEach
    void install() throws IOException {
        home = directory.resolve("a home");
        Path dist = Path.of("src/main/dist");
        try (Stream<Path> files = Files.walk(dist)) {
            for (Path file : files.toList()) {
                Path target = home.resolve(dist.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target, StandardCopyOption.COPY_ATTRIBUTES);
                }
            }
        }
    }

    /** @param release its version as in the release file; empty for a Java without that file */
    private Path java(String release, String version) throws IOException {
        Path java = Files.createDirectories(directory.resolve("java/bin")).resolve("java");
        Files.writeString(
                java,
                "#!/bin/sh\nif [ \"$1\" = -version ]; then echo 'openjdk version \"" + version
                        + "\" 2026-01-01' >&2; exit; fi\nfor word; do echo \"[$word]\"; done\n");
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
        if (!release.isEmpty()) {
            Files.writeString(
                    directory.resolve("java/release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + release + "\"\n");
        }
        return directory.resolve("java");
    }

    private Outcome run(Path program, Map<String, String> environment, String... args) throws Exception {
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(List.of(args));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.matches("RDPMUX.*|JAVA_HOME|LC_.*|LANG"));
        builder.environment().putAll(environment);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Outcome(process.waitFor(), output);
    }

    @ParameterizedTest
    @CsvSource({"rdpmux, rdpmux-daemon.jar", "rdpmuxctl, rdpmux-control.jar"})
    void startsJavaFromWhereverItIsInstalled(String program, String jar) throws Exception {
        Map<String, String> environment =
                Map.of("JAVA_HOME", java("17.0.15", "").toString());
        Path link = Files.createSymbolicLink(directory.resolve("link"), Path.of("a home/bin/" + program));
        Path second = Files.createSymbolicLink(directory.resolve("second"), link);
        Outcome outcome = run(second, environment, "--set", "a=b c", "");
        String lib = home.toRealPath().resolve("lib/" + jar).toString();
        assertTrue(outcome.output().endsWith("[-jar]\n[" + lib + "]\n[--set]\n[a=b c]\n[]\n"), outcome::output);
        assertEquals(0, outcome.status());
    }

    @Test
    void theEnvironmentSetsMemoryAndOptions() throws Exception {
        Map<String, String> environment = Map.of(
                "JAVA_HOME",
                java("25", "").toString(),
                "RDPMUX_HEAP",
                "77m",
                "RDPMUX_DIRECT",
                "88m",
                "RDPMUX_JAVA_OPTIONS",
                "-Done=1 -Dtwo=2");
        String output = run(home.resolve("bin/rdpmux"), environment).output();
        for (String word : List.of("-Xmx77m", "-XX:MaxDirectMemorySize=88m", "-Done=1", "-Dtwo=2")) {
            assertTrue(output.contains("[" + word + "]\n"), output);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"rdpmux", "rdpmuxctl"})
    void refusesAJavaThatIsTooOldOrNotThere(String program) throws Exception {
        Path launcher = home.resolve("bin/" + program);
        Outcome old = run(launcher, Map.of("JAVA_HOME", java("11.0.2", "").toString()));
        assertEquals(1, old.status());
        assertTrue(
                old.output().startsWith(program + ": ") && old.output().contains("is Java 11; 17 or newer"),
                old::output);
        Outcome none = run(launcher, Map.of("JAVA_HOME", "/nowhere"));
        assertEquals(1, none.status());
        assertTrue(none.output().contains("JAVA_HOME is /nowhere"), none::output);
    }

    @ParameterizedTest
    @CsvSource({"LC_ALL,de_XX.UTF-8", "LC_CTYPE,UTF-8", "LC_ALL,C", "LC_ALL,POSIX", "LANG,''"})
    void aLocaleThatTheHostDoesNotHaveLosesNoLetters(String variable, String value) throws Exception {
        Path java = java("17.0.15", "");
        Files.writeString(java.resolve("bin/java"), "#!/bin/sh\nlocale charmap\nfor word; do echo \"[$word]\"; done\n");
        for (String program : List.of("rdpmux", "rdpmuxctl")) {
            String output = run(
                            home.resolve("bin/" + program),
                            Map.of("JAVA_HOME", java.toString(), variable, value),
                            "J\u00fcrgen")
                    .output();
            assertTrue(output.startsWith("UTF-8\n"), output);
        }
    }

    @Test
    void nobodyElseMayWriteToWhatTheAgentMakes() throws Exception {
        Path java = java("17.0.15", "");
        Files.writeString(java.resolve("bin/java"), "#!/bin/sh\numask\n");
        Path lax = Files.writeString(
                directory.resolve("lax"), "#!/bin/sh\numask \"$1\"\nexec '" + home.resolve("bin/rdpmux") + "'\n");
        Files.setPosixFilePermissions(lax, PosixFilePermissions.fromString("rwxr-xr-x"));
        Map<String, String> environment = Map.of("JAVA_HOME", java.toString());
        assertEquals("0022\n", run(lax, environment, "000").output());
        assertEquals("0077\n", run(lax, environment, "077").output());
    }

    @Test
    void asksAJavaThatHasNoReleaseFile() throws Exception {
        Path launcher = home.resolve("bin/rdpmuxctl");
        Outcome recent = run(launcher, Map.of("JAVA_HOME", java("", "21.0.1").toString()));
        assertEquals(0, recent.status(), recent::output);
        Outcome old = run(launcher, Map.of("JAVA_HOME", java("", "1.8.0_402").toString()));
        assertEquals(1, old.status(), old::output);
    }
}
