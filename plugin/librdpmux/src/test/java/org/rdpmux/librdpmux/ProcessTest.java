// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.librdpmux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProcessTest {

    private static final String STAT =
            " 1 10 10 0 -1 4194560 1 0 0 0 0 0 0 0 20 0 1 0 %d 1000 10 18446744073709551615 1 1 0 0 0\n";

    @TempDir
    Path proc;

    /** Puts a process into a table of the test's own. */
    static void put(Path proc, int pid, String command, char state, long start, long uid) throws IOException {
        Path directory = Files.createDirectories(proc.resolve(Integer.toString(pid)));
        Files.writeString(directory.resolve("stat"), pid + " (" + command + ") " + state + STAT.formatted(start));
        Files.writeString(directory.resolve("status"), "Name:\tx\nUid:\t0\t" + uid + "\t0\t0\nGid:\t0\t0\t0\t0\n");
    }

    @Test
    void identifiesProcessesWhateverTheyAreCalled() throws Exception {
        put(proc, 7, "a) S 1 (b", 'S', 1234, 64055);
        assertEquals(Optional.of(new ProcessIdentity(7, 1234, 64055)), new ProcessTable(proc).identify(7));
        assertEquals(Optional.empty(), new ProcessTable(proc).identify(8));
        assertEquals(Optional.empty(), new ProcessTable(proc).identify(-1));
    }

    @Test
    void tellsALaterProcessWithTheSameNumberApart() throws Exception {
        put(proc, 7, "x", 'S', 1234, 0);
        ProcessTable table = new ProcessTable(proc);
        ProcessIdentity first = table.identify(7).orElseThrow();
        assertTrue(table.isAlive(first));
        put(proc, 7, "x", 'R', 1235, 0);
        assertFalse(table.isAlive(first));
    }

    @Test
    void countsZombiesAsDead() throws Exception {
        put(proc, 7, "x", 'Z', 1234, 0);
        assertEquals(Optional.empty(), new ProcessTable(proc).identify(7));
    }

    @Test
    void knowsThisProcess() throws Exception {
        ProcessTable table = new ProcessTable();
        int pid = (int) ProcessHandle.current().pid();
        assertTrue(table.isAlive(table.identify(pid).orElseThrow()));
        assertTrue(table.maps(pid, lines -> lines.count()) > 10);
        assertTrue(table.pids().contains(pid));
        assertTrue(table.commandLine(pid).get(0).contains("java"));
        assertEquals(36, table.bootId().length());
        assertThrows(IOException.class, () -> new ProcessTable(proc).maps(1, lines -> lines.count()));
    }

    @Test
    void readsAsMuchOfACommandLineAsAProgramCanBeStartedWith() throws Exception {
        put(proc, 7, "x", 'S', 1, 0);
        try (RandomAccessFile line =
                new RandomAccessFile(proc.resolve("7/cmdline").toFile(), "rw")) {
            line.write("qemu\0-uuid\0x\0".getBytes(StandardCharsets.ISO_8859_1));
            line.setLength(8L << 30); // as a process may make its own look
        }
        List<String> arguments = new ProcessTable(proc).commandLine(7);
        assertEquals(List.of("qemu", "-uuid", "x"), arguments.subList(0, 3));
        assertTrue(String.join("", arguments).length() <= ProcessTable.MAX_COMMAND_LINE);
    }

    @ParameterizedTest
    @CsvSource({
        "librdpmux.so.0.1.0, 1",
        "librdpmux.so.0.2.0, 1",
        "librdpmux.so.0.3.0, 2",
        "librdpmux.so.0.4.0, 3",
        "librdpmux.so.0.5.0, 4",
        "librdpmux.so.0.6.5, 5",
        "librdpmux.so.0.6.0 (deleted), 5",
        "librdpmux.so.0.7.0, 0",
        "librdpmux.so.0, 0",
        "notlibrdpmux.so.0.6.0, 0",
        "librdpmux.so.0.6.0.bak, 0",
    })
    void knowsTheLibrarysReleases(String file, int version) {
        Stream<String> maps = Stream.of(
                "55d0c0000000-55d0c0001000 r--p 00000000 fe:00 123  /usr/bin/qemu-system-x86_64",
                "7f0000000000-7f0000001000 r-xp 00001000 fe:00 124                        /usr/lib/x86_64-linux-gnu/"
                        + file);
        assertEquals(ProtocolVersion.of(version), VersionDetector.detect(maps));
    }

    @ParameterizedTest
    @CsvSource(
            value = {
                "qemu -uuid 7c6f1b6e-0000-4000-8000-00000000beef -m 1 | 7c6f1b6e-0000-4000-8000-00000000beef",
                "qemu -uuid 00000000-0000-0000-0000-000000000000 | ",
                "qemu -uuid | ",
                "qemu -uuid x | ",
                "qemu --uuid 7c6f1b6e-0000-4000-8000-00000000beef | ",
            },
            delimiter = '|')
    void findsUuidsOnCommandLines(String line, String uuid) {
        assertEquals(Optional.ofNullable(uuid).map(UUID::fromString), CommandLine.uuid(List.of(line.split(" "))));
    }
}
