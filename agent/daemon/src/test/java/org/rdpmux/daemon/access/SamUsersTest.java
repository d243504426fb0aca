// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.rdpmux.security.access.Authentication;
import org.rdpmux.security.access.Claim;
import org.rdpmux.security.access.ConsoleRef;
import org.rdpmux.security.access.LoginRequest;
import org.rdpmux.security.access.Moment;

class SamUsersTest {

    @TempDir
    private Path directory;

    @Test
    @Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aFileThatTurnsIntoAPipeLetsNobodyInAndHoldsNobodyUp() throws Exception {
        Path file = Files.writeString(directory.resolve("sam"), "alice:::878d8014606cda29677a44efa1353fc7:::\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        SamUsers users = new SamUsers(file);
        assertEquals("alice", account(users));

        Files.delete(file);
        Process made = new ProcessBuilder("mkfifo", "-m", "640", file.toString()).start();
        assertTrue(made.waitFor(10, TimeUnit.SECONDS));
        assertEquals("", account(users));

        Files.delete(file);
        Files.writeString(file, "alice:::878d8014606cda29677a44efa1353fc7:::\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        assertEquals("alice", account(users));
    }

    private static String account(SamUsers users) {
        Moment now = new Moment(Instant.EPOCH, 0);
        LoginRequest request = new LoginRequest(
                new InetSocketAddress("192.0.2.1", 5), new ConsoleRef("1", "web"), Authentication.NLA, now);
        return users.find(new Claim("alice", "", ""), request, now).get(0).account();
    }
}
