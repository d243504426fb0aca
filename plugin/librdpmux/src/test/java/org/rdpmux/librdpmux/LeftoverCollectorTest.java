// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.librdpmux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeftoverCollectorTest {

    @TempDir
    Path directory;

    private final Instant later = Instant.now().plus(Duration.ofHours(1));
    private Path memory;
    private Path proc;
    private LeftoverCollector collector;

    @BeforeEach
    void open() throws IOException {
        memory = Files.createDirectories(directory.resolve("shm"));
        proc = Files.createDirectories(directory.resolve("proc"));
        process(50, "");
        collector = new LeftoverCollector(memory, new ProcessTable(proc), Duration.ofMinutes(1));
    }

    private void process(int pid, String maps) throws IOException {
        ProcessTest.put(proc, pid, "x", 'S', 1, RegistryFixture.SELF.uid());
        Files.writeString(proc.resolve(pid + "/maps"), maps);
    }

    private Path share(String name, long size) throws IOException {
        Path file = memory.resolve(name);
        try (RandomAccessFile made = new RandomAccessFile(file.toFile(), "rw")) {
            made.setLength(size);
        }
        return file;
    }

    private Path share(String name) throws IOException {
        return share(name, ScreenMode.SHARED_BYTES);
    }

    private List<Path> collect() throws IOException {
        return collector.collect(id -> id == 1, later);
    }

    @Test
    void deletesWhatDeadGuestsLeft() throws IOException {
        Path left = share("4242.rdpmux");
        assertEquals(List.of(left), collect());
        assertTrue(Files.notExists(left));
        assertEquals(List.of(), collect());
    }

    @Test
    void leavesEverythingElse() throws IOException {
        share("1.rdpmux"); // registered
        share("007.rdpmux"); // no number as the library writes it
        share("9999999999.rdpmux");
        share("x.rdpmux");
        share("-5.rdpmux");
        share("5.rdpmux.old");
        share("pulse-shm-5");
        share("6.rdpmux", 4096); // not made by the library, or not yet
        Files.createDirectory(memory.resolve("7.rdpmux"));
        Files.createSymbolicLink(memory.resolve("8.rdpmux"), share("target"));
        assertEquals(List.of(), collect());
        assertEquals(List.of(), collector.collect(id -> id == 1, Instant.now()));
        try (var files = Files.list(memory)) {
            assertEquals(11, files.count());
        }
    }

    @Test
    void leavesWhatIsNew() throws IOException {
        share("4242.rdpmux");
        assertEquals(List.of(), collector.collect(id -> false, Instant.now()));
    }

    @Test
    void leavesWhatAProcessMaps() throws IOException {
        Path mapped = share("4242.rdpmux");
        Path other = share("4243.rdpmux");
        long inode = ((Number) Files.getAttribute(mapped, "unix:ino")).longValue();
        process(51, "7f0-7f1 rw-s 00000000 00:19 " + inode + "                    /dev/shm/4242.rdpmux\n");
        assertEquals(List.of(other), collect());
        assertTrue(Files.exists(mapped));
    }

    @Test
    void leavesWhatAProcessThatCannotBeAskedMightMap() throws IOException {
        share("4242.rdpmux");
        process(51, "");
        Files.delete(proc.resolve("51/maps"));
        assertEquals(List.of(), collect());
        ProcessTest.put(proc, 51, "x", 'S', 1, RegistryFixture.SELF.uid() + 1); // another user's
        assertEquals(1, collect().size());
    }
}
