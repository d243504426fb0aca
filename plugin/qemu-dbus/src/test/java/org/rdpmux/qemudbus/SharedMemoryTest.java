// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.qemudbus;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.jna.Library;
import com.sun.jna.Native;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.rdpmux.display.Rect;
import org.rdpmux.display.testing.Recorder;

/** Pixels that QEMU 9.2 and newer share. */
class SharedMemoryTest {

    /** The C library. */
    private interface C extends Library {
        C LIBC = Native.load("c", C.class);

        int open(String path, int flags);

        int memfd_create(String name, int flags);
    }

    private final Recorder seen = new Recorder();
    private final ScriptedQemu qemu = new ScriptedQemu(seen, true);
    private final int memory = C.LIBC.memfd_create("screen", 0);

    @BeforeEach
    void introduce() {
        qemu.introduce(2, 2, true);
    }

    @AfterEach
    void close() {
        qemu.close();
        UnixSocket.close(memory);
    }

    private FileChannel file() throws IOException {
        return FileChannel.open(Path.of("/proc/self/fd/" + memory), StandardOpenOption.WRITE);
    }

    private void write(int offset, int... pixels) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(pixels.length * 4);
        for (int pixel : pixels) {
            bytes.putInt(Integer.reverseBytes(pixel));
        }
        try (FileChannel file = file()) {
            file.write(bytes.flip(), offset);
        }
    }

    /** Shares what a descriptor leads to, as a screen of 2x2 in rows of 12 bytes from byte 4 on. */
    private void share(int descriptor) {
        qemu.arrived.add(descriptor);
        MessageHeader header = MessageHeader.call("/", ScriptedQemu.MAP, "ScanoutMap", "huuuuu")
                .with(1);
        qemu.send(qemu.bytes(
                header, out -> out.int32(0).int32(4).int32(2).int32(2).int32(12).int32(ScriptedQemu.XRGB)));
    }

    private static int duplicate(int descriptor) {
        return C.LIBC.open("/proc/self/fd/" + descriptor, 0);
    }

    private static boolean isOpen(int descriptor) {
        return Files.exists(Path.of("/proc/self/fd/" + descriptor));
    }

    @Test
    void isReadInPlaceAndItsDescriptorIsClosed() throws Exception {
        write(4, 1, 2, -1, 3, 4);
        int given = duplicate(memory);
        share(given);
        assertFalse(isOpen(given));
        assertEquals("", qemu.answers.remove().header().errorName());
        qemu.passMoment();
        assertArrayEquals(new int[] {1, 2, 3, 4}, seen.screen());
        write(16, 5);
        qemu.send(qemu.call(
                ScriptedQemu.MAP,
                "UpdateMap",
                "iiii",
                out -> out.int32(0).int32(1).int32(9).int32(1)));
        assertEquals(List.of(new Rect(0, 1, 2, 1)), seen.damage);
        assertArrayEquals(new int[] {1, 2, 5, 4}, seen.screen());
    }

    @Test
    void memoryThatIsTakenAwayIsToldAndHurtsNobody() throws Exception {
        write(4, 1, 2, -1, 3, 4);
        share(duplicate(memory));
        qemu.passMoment();
        try (FileChannel file = file()) {
            file.truncate(8);
        }
        assertFalse(seen.framebuffer().read(new Rect(0, 0, 2, 2), new int[4], 0, 2));
        assertTrue(qemu.lost);
    }

    @Test
    void aScreenInMessagesTakesItsPlaceAndViceVersa() throws Exception {
        write(4, 1, 2, -1, 3, 4);
        share(duplicate(memory));
        qemu.passMoment();
        byte[] green = new byte[16];
        green[1] = -1;
        qemu.send(qemu.scanout(2, 2, 8, ScriptedQemu.XRGB, green));
        assertArrayEquals(new int[] {0xff00, 0, 0, 0}, seen.screen());
        share(duplicate(memory));
        assertArrayEquals(new int[] {1, 2, 3, 4}, seen.screen());
        assertEquals(1, seen.resizes);
        assertFalse(qemu.lost);
    }

    /** A disk or a network could make a reader wait for long: QEMU sends pixels in messages then. */
    @Test
    void whatIsNoMemoryOrTooSmallIsRefused() throws Exception {
        Path disk = Files.write(
                Path.of("target", "no-memory-" + ProcessHandle.current().pid()), new byte[100]);
        write(0, new int[5]);
        for (int wrong : new int[] {C.LIBC.open(disk.toString(), 0), C.LIBC.open("/dev/null", 0), duplicate(memory)}) {
            share(wrong);
            assertEquals(
                    "org.freedesktop.DBus.Error.NotSupported",
                    qemu.answers.remove().header().errorName());
            assertFalse(isOpen(wrong));
        }
    }
}
