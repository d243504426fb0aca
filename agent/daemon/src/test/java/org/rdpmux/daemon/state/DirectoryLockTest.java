// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class DirectoryLockTest {

    private static final String ADVICE = "a directory";

    @TempDir
    Path directory;

    /** Another process: says what came of taking the lock, and holds it until its input ends. */
    static final class Other {
        private Other() {}

        public static void main(String[] args) throws IOException {
            try (DirectoryLock lock = DirectoryLock.take(Path.of(args[0]), ADVICE)) {
                System.out.println("has " + lock);
                while (System.in.read() >= 0) {
                    // Until our parent lets us go.
                }
            } catch (IOException e) {
                System.out.println(e.getMessage());
            }
        }
    }

    private Process startOther() throws IOException {
        String here = DirectoryLock.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .getPath();
        String tests =
                Other.class.getProtectionDomain().getCodeSource().getLocation().getPath();
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        here + ":" + tests,
                        Other.class.getName(),
                        directory.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static String firstLine(Process process) throws IOException {
        return new BufferedReader(new InputStreamReader(process.getInputStream())).readLine();
    }

    @Test
    void anotherProcessIsRefusedUntilTheFirstEnds() throws Exception {
        try (DirectoryLock lock = DirectoryLock.take(directory, ADVICE)) {
            Process other = startOther();
            assertEquals(
                    "another agent (process " + ProcessHandle.current().pid() + ") uses " + directory
                            + "; stop it, or give this one a directory of its own",
                    firstLine(other),
                    lock::toString);
            other.getOutputStream().close();
            assertTrue(other.waitFor(20, TimeUnit.SECONDS));
        }
        assertFalse(Files.exists(directory.resolve("lock")));
        Process other = startOther();
        assertTrue(firstLine(other).startsWith("has "));
        IOException e = assertThrows(IOException.class, () -> DirectoryLock.take(directory, ADVICE));
        assertTrue(e.getMessage().contains("(process " + other.pid() + ")"), e.getMessage());
        other.destroyForcibly().waitFor();
        assertTrue(Files.exists(directory.resolve("lock")), "a killed process cleans up?");
        DirectoryLock.take(directory, ADVICE).close();
    }

    @Test
    void theFileOfAKilledAgentIsNoObstacle() throws IOException {
        Files.writeString(directory.resolve("lock"), "4711 and a leftover that is longer than any of ours would be");
        DirectoryLock.take(directory, ADVICE).close();
        assertFalse(Files.exists(directory.resolve("lock")));
    }

    @Test
    void whoeverHasOpenedAFileThatIsRemovedMeanwhileDoesNotTakeItForTheLock() throws IOException {
        DirectoryLock first = DirectoryLock.take(directory, ADVICE);
        try (FileChannel late = FileChannel.open(directory.resolve("lock"), StandardOpenOption.READ)) {
            first.close();
            byte[] content = new byte[16];
            int length = late.read(ByteBuffer.wrap(content));
            assertEquals("removed", new String(content, 0, length, StandardCharsets.US_ASCII));
        }
    }

    @Test
    void twoAgentsInTwoDirectories() throws IOException {
        Path other = Files.createDirectory(directory.resolve("other"));
        DirectoryLock first = DirectoryLock.take(directory, ADVICE);
        DirectoryLock second = DirectoryLock.take(other, ADVICE);
        first.close();
        second.close();
    }
}
