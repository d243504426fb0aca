// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RuntimeLockTest {

    @TempDir
    Path directory;

    @Test
    void oneAgentAtATime() throws IOException {
        try (RuntimeLock lock = RuntimeLock.take(directory)) {
            assertEquals(directory.resolve("lock"), lock.file());
            IOException e = assertThrows(IOException.class, () -> RuntimeLock.take(directory));
            assertTrue(
                    e.getMessage()
                            .startsWith("another agent (process "
                                    + ProcessHandle.current().pid() + ") uses " + directory),
                    e.getMessage());
        }
        assertFalse(Files.exists(directory.resolve("lock")));
        RuntimeLock.take(directory).close();
    }

    @Test
    void theFileOfAKilledAgentIsNoObstacle() throws IOException {
        Files.writeString(directory.resolve("lock"), "4711 leftover and longer than any of ours");
        RuntimeLock.take(directory).close();
    }

    @Test
    void twoAgentsInTwoDirectories() throws IOException {
        Path other = Files.createDirectory(directory.resolve("other"));
        RuntimeLock first = RuntimeLock.take(directory);
        RuntimeLock second = RuntimeLock.take(other);
        first.close();
        second.close();
    }
}
