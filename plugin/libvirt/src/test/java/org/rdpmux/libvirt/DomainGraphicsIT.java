// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.libvirt;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.jna.Library;
import com.sun.jna.Native;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;
import org.rdpmux.libvirt.testing.PrivateLibvirtd;

/** The consoles of domains in a real libvirtd and QEMU, and their passwords. */
@Tag("libvirt")
@EnabledIf("org.rdpmux.libvirt.testing.PrivateLibvirtd#available")
@Timeout(600)
class DomainGraphicsIT extends WatcherFixture {

    private interface C extends Library {
        C LIBC = Native.load("c", C.class);

        long read(int fd, byte[] bytes, long length);

        long write(int fd, byte[] bytes, long length);
    }

    @Test
    void opensConsoleWithPasswordWithoutAskingForIt() throws InterruptedException, LibvirtCallException {
        UUID uuid = define("web1");
        LibvirtCallException off = assertThrows(LibvirtCallException.class, () -> watcher.openGraphics(uuid, 0));
        assertTrue(off.getMessage().contains("not running"), off.getMessage());
        libvirtd.virsh("start", "web1");
        started();
        int fd = watcher.openGraphics(uuid, 0);
        try {
            byte[] version = read(fd, 12);
            assertEquals("RFB 003.008\n", new String(version, StandardCharsets.US_ASCII));
            assertEquals(12, C.LIBC.write(fd, version, 12));
            assertArrayEquals(new byte[] {1, 1}, read(fd, 2)); // one security type: none. VNC's password would be 2
        } finally {
            FileDescriptors.close(fd);
        }
        assertTrue(assertThrows(LibvirtCallException.class, () -> watcher.openGraphics(uuid, 1))
                .getMessage()
                .startsWith("cannot open graphics 1 of domain"));
        assertThrows(LibvirtCallException.class, () -> watcher.openGraphics(UUID.randomUUID(), 0));
    }

    private static byte[] read(int fd, int length) {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        await("the connection says " + length + " bytes", () -> {
            byte[] part = new byte[bytes.remaining()];
            long n = C.LIBC.read(fd, part, part.length); // -1 while there is nothing: the socket does not wait
            if (n > 0) {
                bytes.put(part, 0, (int) n);
            }
            return !bytes.hasRemaining();
        });
        return bytes.array();
    }

    @Test
    void tellsAConsolesPasswordAsVirshChangesIt() throws Exception {
        UUID uuid = define("web1");
        libvirtd.virsh("start", "web1");
        started();
        GraphicsPassword defined = watcher.graphicsPassword(uuid, 0).orElseThrow();
        assertEquals("unguessd", String.valueOf(defined.password()));
        assertEquals(Optional.empty(), defined.validTo());
        Path device = Files.writeString(
                dir.resolve("graphics.xml"),
                libvirtd.virsh("dumpxml", "web1", "--xpath", "//graphics")
                        .replace("<graphics ", "<graphics passwd='other1' passwdValidTo='2100-01-02T03:04:05' "));
        libvirtd.virsh("update-device", "web1", device.toString(), "--live");
        GraphicsPassword changed = watcher.graphicsPassword(uuid, 0).orElseThrow();
        assertEquals("other1", String.valueOf(changed.password()));
        assertEquals(Optional.of(Instant.parse("2100-01-02T03:04:05Z")), changed.validTo());
        assertEquals(Optional.empty(), watcher.graphicsPassword(uuid, 1).map(GraphicsPassword::toString));
        assertThrows(LibvirtCallException.class, () -> watcher.graphicsPassword(new UUID(0, 1), 0));
    }

    @Test
    void consoleThatHangsIsGivenUpAndHoldsUpNobodyElse() throws Exception {
        watcher.close();
        watch(new WatcherOptions(Duration.ofSeconds(4), Duration.ofMillis(100), Duration.ofSeconds(1)));
        events.skipTo(DomainEvent.Listed.class);
        UUID hangs = define("hangs");
        UUID works = define("works");
        libvirtd.keys("hangs").start();
        libvirtd.keys("works").start();
        long pid = libvirtd.qemuPid("hangs");
        PrivateLibvirtd.signal("STOP", pid);
        try {
            LibvirtCallException e = assertThrows(LibvirtCallException.class, () -> watcher.openGraphics(hangs, 0));
            assertTrue(e.getMessage().contains("within 4.0 s"), e.getMessage());
            await("the call is given up", () -> watcher.stuckCalls() == 1);
            e = assertThrows(LibvirtCallException.class, () -> watcher.openGraphics(hangs, 0));
            assertTrue(e.getMessage().contains("has not returned from an earlier call"), e.getMessage());
            FileDescriptors.close(watcher.openGraphics(works, 0));
            libvirtd.virsh("suspend", "works");
            events.skipTo(DomainEvent.Suspended.class);
            assertEquals(1, watcher.stuckCalls(), "it hangs all the while");
        } finally {
            PrivateLibvirtd.signal("CONT", pid);
        }
        await("the call returns", () -> watcher.stuckCalls() == 0);
        await(
                "QEMU has no VNC client",
                () -> !libvirtd.virsh("qemu-monitor-command", "hangs", "--hmp", "info vnc")
                        .contains("Client:"));
        FileDescriptors.close(watcher.openGraphics(hangs, 0));
    }
}
