// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.security.files;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class PrivateFileTest {

    @TempDir
    private Path directory;

    @Test
    @Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void doesNotWaitForWhoeverWouldWriteToAPipe() throws Exception {
        Path pipe = directory.resolve("pipe");
        Process made = new ProcessBuilder("mkfifo", "-m", "600", pipe.toString()).start();
        assertTrue(made.waitFor(10, TimeUnit.SECONDS));
        assertTrue(Files.exists(pipe));

        assertEquals(
                pipe + " is no regular file",
                assertThrows(IOException.class, () -> PrivateFile.read(pipe, 100))
                        .getMessage());
    }

    @Test
    void refusesDevicesAndDirectories() {
        assertThrows(IOException.class, () -> PrivateFile.read(Path.of("/dev/zero"), 100));
        assertThrows(IOException.class, () -> PrivateFile.read(directory, 100));
        assertThrows(NoSuchFileException.class, () -> PrivateFile.read(directory.resolve("none"), 100));
    }

    @Test
    void readsTheWholeFileOrNothing() throws IOException {
        byte[] content = new byte[100_000];
        new Random(1).nextBytes(content);
        Path file = Files.write(directory.resolve("ünï"), content);

        try (PrivateFile.Content read = PrivateFile.read(file, content.length)) {
            assertArrayEquals(content, read.bytes());
            assertEquals(PrivateFile.Stamp.of(file), read.stamp());
        }
        assertThrows(IOException.class, () -> PrivateFile.read(file, content.length - 1));
    }

    @Test
    void refusesAModeThatLetsOthersIn() throws IOException {
        Path file = Files.write(directory.resolve("file"), "x".getBytes(StandardCharsets.UTF_8));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));

        IOException refused =
                assertThrows(IOException.class, () -> PrivateFile.read(file, 10, PrivateFile.GROUP_READS));
        assertEquals(
                file + " holds secrets but others may access it (rw-r--r--); make it rw-r-----", refused.getMessage());
    }
}
