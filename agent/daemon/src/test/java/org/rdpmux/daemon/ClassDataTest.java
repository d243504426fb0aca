// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The archives of classes that the launchers have made: with this Java, and a small program in place of the agent's. */
class ClassDataTest {

    private static final Duration LIMIT = Duration.ofSeconds(90);

    @TempDir
    Path directory;

    private Path home;
    private Path archives;

    /** The program. */
    static final class Program {
        private Program() {}

        public static void main(String[] arguments) {
            System.out.println("ran");
        }
    }

    @BeforeEach
    void install() throws IOException {
        home = Files.createDirectories(directory.resolve("home"));
        archives = Files.createDirectories(directory.resolve("some archives"));
        for (String file : List.of("bin/rdpmux", "bin/rdpmuxctl", "lib/java.sh")) {
            Path target = home.resolve(file);
            Files.createDirectories(target.getParent());
            Files.copy(Path.of("src/main/dist", file), target, StandardCopyOption.COPY_ATTRIBUTES);
        }
        jar("rdpmux-daemon.jar", "");
        jar("rdpmux-control.jar", "");
    }

    /** Replaces a jar as a package manager does. */
    private void jar(String name, String version) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, Program.class.getName());
        manifest.getMainAttributes().put(Attributes.Name.IMPLEMENTATION_VERSION, version);
        Path made = directory.resolve("new.jar");
        String path = Program.class.getName().replace('.', '/') + ".class";
        try (OutputStream file = Files.newOutputStream(made);
                JarOutputStream jar = new JarOutputStream(file, manifest)) {
            jar.putNextEntry(new JarEntry(path));
            jar.write(Program.class.getClassLoader().getResourceAsStream(path).readAllBytes());
        }
        Files.setLastModifiedTime(made, FileTime.from(Instant.EPOCH));
        Files.move(made, home.resolve("lib").resolve(name), StandardCopyOption.REPLACE_EXISTING);
    }

    /** @return what it said, with where its classes came from */
    private String run(String program) throws Exception {
        Process process = start(program);
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), output);
        assertTrue(output.contains("ran\n"), output);
        return output;
    }

    private Process start(String program, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(arguments));
        command.add(0, home.resolve("bin").resolve(program).toString());
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.matches("RDPMUX.*"));
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("JAVA_TOOL_OPTIONS", "-Xlog:class+load");
        builder.environment().put("STATE_DIRECTORY", archives + ":" + directory);
        builder.environment().put("RDPMUX_ARCHIVES", archives.toString());
        return builder.start();
    }

    private static boolean usedAnArchive(String output) {
        return output.lines().anyMatch(line -> line.contains(Program.class.getName() + " source: shared objects file"));
    }

    private Optional<Path> archive() {
        try (Stream<Path> files = Files.list(archives)) {
            return files.filter(file -> file.toString().endsWith(".jsa")).findFirst();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits for an archive that is not {@code old}, and for the work to be done. */
    private Path awaitArchive(Optional<Path> old) throws InterruptedException, IOException {
        Instant end = Instant.now().plus(LIMIT);
        try (WatchService watch = archives.getFileSystem().newWatchService()) {
            archives.register(watch, StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_DELETE);
            while (archive().isEmpty() || archive().equals(old) || entries() > 1) {
                assertTrue(Instant.now().isBefore(end), () -> "no new archive in " + archives);
                WatchKey change = watch.poll(1, TimeUnit.SECONDS);
                if (change != null) {
                    change.pollEvents();
                    change.reset();
                }
            }
        }
        return archive().orElseThrow();
    }

    private long entries() throws IOException {
        try (Stream<Path> files = Files.list(archives)) {
            return files.count();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"rdpmux", "rdpmuxctl"})
    void takesItsClassesFromAnArchiveThatItsFirstStartHadMade(String program) throws Exception {
        assertFalse(usedAnArchive(run(program)));
        awaitArchive(Optional.empty());
        String second = run(program);
        assertTrue(usedAnArchive(second), second);
    }

    @ParameterizedTest
    @ValueSource(strings = {"rdpmux", "rdpmuxctl"})
    void makesAnArchiveBeforeTheFirstStartWhenAskedTo(String program) throws Exception {
        Process process = start(program, "--archive");
        assertEquals("", new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        assertEquals(0, process.waitFor());
        assertEquals(1, entries(), "the archive, and nothing of the work");
        assertTrue(usedAnArchive(run(program)));
    }

    @Test
    void saysThatNoArchiveCouldBeMade() throws Exception {
        Files.writeString(archives.resolve(".rdpmux-archive"), "somebody else is at it");
        Process process = start("rdpmux", "--archive");
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals("rdpmux: no archive of classes could be made in " + archives + "\n", output);
        assertEquals(1, process.waitFor());
    }

    @Test
    void makesAnotherArchiveWhenTheProgramWasReplaced() throws Exception {
        run("rdpmuxctl");
        Path first = awaitArchive(Optional.empty());
        jar("rdpmux-control.jar", "");
        assertFalse(usedAnArchive(run("rdpmuxctl")), "the same size and time, but another file");
        awaitArchive(Optional.of(first));
        assertTrue(usedAnArchive(run("rdpmuxctl")));
    }

    @Test
    void startsWithoutAnArchiveThatJavaDoesNotTake() throws Exception {
        run("rdpmuxctl");
        Path archive = awaitArchive(Optional.empty());
        Files.writeString(archive, "what a power cut left");
        assertFalse(usedAnArchive(run("rdpmuxctl")));
    }

    @Test
    void startsWhereNoArchiveCanBeKept() throws Exception {
        Files.delete(archives);
        assertFalse(usedAnArchive(run("rdpmux")));
        assertFalse(Files.exists(archives));
    }
}
