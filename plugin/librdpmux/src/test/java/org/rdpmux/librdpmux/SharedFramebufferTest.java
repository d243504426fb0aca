// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.librdpmux;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rdpmux.display.Rect;
import org.rdpmux.display.SharedFramebuffer;

class SharedFramebufferTest {

    private static final int ID = 4242;

    @TempDir
    Path directory;

    private final AtomicInteger losses = new AtomicInteger();
    private SharedMemory memory;

    private final SharedFramebuffer.Source source = new SharedFramebuffer.Source() {
        @Override
        public SharedMemory memory() {
            return memory;
        }

        @Override
        public void lost() {
            losses.incrementAndGet();
        }
    };

    private Path share(byte[] content) throws IOException {
        Path file = directory.resolve(SharedMemory.fileName(ID));
        Files.write(file, content);
        memory = SharedMemory.open(directory, ID, RegistryFixture.SELF.uid());
        return file;
    }

    @AfterEach
    void close() {
        if (memory != null) {
            memory.close();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "20020888, 332211aa, 112233",
        "20028888, 332211ff, 112233",
        "20090888, aa332211, 112233",
        "20098888, ff332211, 112233",
        "18020888, 332211, 112233",
        "18030888, 112233, 112233",
        "10020565, 00f8, ff0000",
        "10020565, e007, 00ff00",
        "10020565, 1f00, 0000ff",
        "10020565, ffff, ffffff",
        "10020555, 007c, ff0000",
        "10020555, e003, 00ff00",
        "10020555, ffff, ffffff",
    })
    void readsEachPixelFormat(String format, String stored, String rgb) throws IOException {
        share(HexFormat.of().parseHex(stored.repeat(6)));
        ScreenMode mode = new ScreenMode(Integer.parseUnsignedInt(format, 16), 3, 2);
        int[] pixels = new int[6];
        assertTrue(new SharedFramebuffer(mode.layout(), source).read(mode.bounds(), pixels, 0, 3));
        for (int pixel : pixels) {
            assertEquals(Integer.parseInt(rgb, 16), pixel);
        }
    }

    @ParameterizedTest
    @CsvSource({"20020888, 4", "20090888, 4", "18020888, 3", "10020565, 2"})
    void readsAnyAreaToAnyPlace(String format, int bytes) throws IOException {
        int width = 700;
        int height = 120;
        byte[] content = new byte[width * height * bytes];
        Random random = new Random(4);
        random.nextBytes(content);
        share(content);
        ScreenMode mode = new ScreenMode(Integer.parseUnsignedInt(format, 16), width, height);
        SharedFramebuffer framebuffer = new SharedFramebuffer(mode.layout(), source);
        int[] whole = new int[width * height];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int value = 0;
                for (int i = 0; i < bytes; i++) {
                    value |= (content[(y * width + x) * bytes + i] & 0xff) << (8 * i);
                }
                whole[y * width + x] = mode.format().toRgb(value);
            }
        }
        for (int i = 0; i < 300; i++) {
            int x = random.nextInt(width);
            int y = random.nextInt(height);
            Rect area = new Rect(x, y, 1 + random.nextInt(width - x), 1 + random.nextInt(height - y));
            int stride = area.width() + random.nextInt(3);
            int offset = random.nextInt(5);
            int[] target = new int[offset + stride * area.height()];
            int[] expected = new int[target.length];
            for (int row = 0; row < area.height(); row++) {
                System.arraycopy(whole, (y + row) * width + x, expected, offset + row * stride, area.width());
            }
            assertTrue(framebuffer.read(area, target, offset, stride));
            assertArrayEquals(expected, target, area.toString());
        }
    }

    @Test
    void refusesAreasAndTargetsThatDoNotFit() throws IOException {
        share(new byte[4 * 4 * 4]);
        SharedFramebuffer framebuffer = new SharedFramebuffer(new ScreenMode(0x20020888, 4, 4).layout(), source);
        int[] target = new int[16];
        assertThrows(IndexOutOfBoundsException.class, () -> framebuffer.read(new Rect(0, 0, 5, 1), target, 0, 5));
        assertThrows(IndexOutOfBoundsException.class, () -> framebuffer.read(new Rect(-1, 0, 1, 1), target, 0, 4));
        assertThrows(IndexOutOfBoundsException.class, () -> framebuffer.read(new Rect(0, 0, 4, 4), target, 1, 4));
        assertThrows(IndexOutOfBoundsException.class, () -> framebuffer.read(new Rect(0, 0, 1, 1), target, -1, 4));
        assertThrows(
                IndexOutOfBoundsException.class,
                () -> framebuffer.read(new Rect(0, 0, 4, 4), target, 0, Integer.MAX_VALUE));
        assertTrue(framebuffer.read(new Rect(1, 1, 0, 3), target, 0, 4));
    }

    @Test
    void saysWhenTheMemoryIsTooShortOrGone() throws IOException {
        ScreenMode mode = new ScreenMode(0x20020888, 4, 4);
        SharedFramebuffer framebuffer = new SharedFramebuffer(mode.layout(), source);
        int[] target = new int[16];
        assertFalse(framebuffer.read(mode.bounds(), target, 0, 4));
        share(new byte[63]);
        assertFalse(memory.holds(mode.bytes()));
        assertFalse(framebuffer.read(mode.bounds(), target, 0, 4));
        assertEquals(1, losses.get());
        memory.close();
        assertFalse(framebuffer.read(mode.bounds(), target, 0, 4));
        assertFalse(memory.holds(1));
    }

    @Test
    void readsWhatIsTakenAwayWhileItReads() throws Exception {
        ScreenMode mode = new ScreenMode(0x20020888, 1920, 1080);
        Path file = share(new byte[(int) mode.bytes()]);
        SharedFramebuffer framebuffer = new SharedFramebuffer(mode.layout(), source);
        AtomicInteger reads = new AtomicInteger();
        Thread tricks = new Thread(() -> {
            try (var channel = java.nio.channels.FileChannel.open(file, java.nio.file.StandardOpenOption.WRITE)) {
                for (int i = 0; i < 200 || reads.get() < 20; i++) {
                    channel.truncate(i % 200 * 1000L);
                    channel.write(java.nio.ByteBuffer.allocate(1), mode.bytes() - 1);
                }
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        tricks.start();
        int[] target = new int[1920 * 1080];
        while (tricks.isAlive()) {
            framebuffer.read(mode.bounds(), target, 0, 1920);
            reads.incrementAndGet();
        }
        tricks.join();
        assertTrue(reads.get() >= 20);
        assertTrue(framebuffer.read(mode.bounds(), target, 0, 1920));
    }

    /** A name that leads to a file when it is looked at and to a pipe when it is opened. */
    @Test
    void aPipeThatTakesTheFilesPlaceMakesNobodyWait() throws Exception {
        Path file = directory.resolve(SharedMemory.fileName(ID));
        Path regular = Files.write(directory.resolve("regular"), new byte[64]);
        Path pipe = directory.resolve("pipe");
        assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
        AtomicBoolean over = new AtomicBoolean();
        Thread tricks = new Thread(() -> {
            try {
                while (!over.get()) {
                    for (Path each : List.of(regular, pipe)) {
                        Files.deleteIfExists(file);
                        Files.createLink(file, each);
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        tricks.start();
        try {
            assertTimeoutPreemptively(Duration.ofSeconds(60), () -> {
                for (int i = 0; i < 20_000; i++) {
                    try {
                        SharedMemory.open(directory, ID, RegistryFixture.SELF.uid())
                                .close();
                    } catch (IOException expected) {
                        // it was a pipe, or nothing, or something else than a moment ago
                    }
                }
            });
        } finally {
            over.set(true);
            tricks.join();
        }
    }

    @Test
    void opensNothingButTheGuestsOwnRegularFile() throws Exception {
        Path file = directory.resolve(SharedMemory.fileName(ID));
        long us = RegistryFixture.SELF.uid();
        assertThrows(IOException.class, () -> SharedMemory.open(directory, ID, us));
        Path other = Files.write(directory.resolve("other"), new byte[64]);
        Files.createSymbolicLink(file, other);
        assertThrows(IOException.class, () -> SharedMemory.open(directory, ID, us));
        Files.delete(file);
        Files.createDirectory(file);
        assertThrows(IOException.class, () -> SharedMemory.open(directory, ID, us));
        Files.delete(file);
        assertEquals(0, new ProcessBuilder("mkfifo", file.toString()).start().waitFor());
        assertThrows(IOException.class, () -> SharedMemory.open(directory, ID, us));
        Files.delete(file);
        Files.write(file, new byte[64]);
        IOException refusal = assertThrows(IOException.class, () -> SharedMemory.open(directory, ID, us + 1));
        assertEquals(file + " belongs to user " + us + ", not to the guest's user " + (us + 1), refusal.getMessage());
        SharedMemory.open(directory, ID, us).close();
    }
}
