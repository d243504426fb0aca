// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.libvirt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.jna.Library;
import com.sun.jna.Native;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class FileDescriptorsTest {

    private interface Pipes extends Library {
        int pipe(int[] ends);
    }

    private static boolean isNonBlocking(int fd) throws IOException {
        return Files.readAllLines(Path.of("/proc/self/fdinfo/" + fd)).stream()
                .filter(line -> line.startsWith("flags:"))
                .anyMatch(line -> (Integer.parseInt(line.substring(6).strip(), 8) & 04000) != 0);
    }

    @Test
    void makesDescriptorsNonBlocking() throws IOException {
        int[] ends = new int[2];
        assertEquals(0, Native.load("c", Pipes.class).pipe(ends));
        try {
            assertFalse(isNonBlocking(ends[0]));
            FileDescriptors.makeNonBlocking(ends[0]);
            assertTrue(isNonBlocking(ends[0]));
            assertFalse(isNonBlocking(ends[1]), "the other end is not touched");
        } finally {
            FileDescriptors.close(ends[0]);
            FileDescriptors.close(ends[1]);
        }
    }
}
