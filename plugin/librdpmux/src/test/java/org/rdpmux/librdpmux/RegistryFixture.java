// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.librdpmux;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.rdpmux.librdpmux.LibrdpmuxConfig.Limits;

/** A registry with directories of its own, and guests of the test's own process. */
final class RegistryFixture implements AutoCloseable {

    static final ProcessIdentity SELF =
            new ProcessTable().identify((int) ProcessHandle.current().pid()).orElseThrow();

    final Path directory;
    final Path memory;
    final RecordingListener listener = new RecordingListener();
    GuestRegistry registry;
    private final Limits limits;
    private EventLoopGroup loops;
    private int nextId = 1000;

    RegistryFixture(Path directory) throws IOException {
        this(directory, new Limits(100, 100));
    }

    RegistryFixture(Path directory, Limits limits) throws IOException {
        this.directory = directory;
        this.limits = limits;
        this.memory = Files.createDirectories(directory.resolve("shm"));
        open();
    }

    private void open() throws IOException {
        loops = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        LibrdpmuxConfig config = new LibrdpmuxConfig(
                Optional.empty(),
                directory.resolve("run"),
                directory.resolve("state"),
                Optional.empty(),
                ProtocolVersion.V5,
                30,
                limits);
        registry = new GuestRegistry(config, listener, new ProcessTable(), memory, loops);
        registry.start();
    }

    /** Keeps the guests' event loop busy until the latch is counted down. */
    CountDownLatch holdLoop() throws InterruptedException {
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        loops.next().execute(() -> {
            held.countDown();
            try {
                release.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        held.await();
        return release;
    }

    void restart() throws IOException {
        close();
        listener.guests.clear();
        open();
    }

    int nextId() {
        return nextId++;
    }

    GuestClaim claim(ProtocolVersion version, String uuid, ProcessIdentity process) {
        return new GuestClaim(nextId(), version, uuid, 0, "", process);
    }

    GuestClaim claim(ProtocolVersion version) {
        String uuid = version == ProtocolVersion.V1 ? "" : UUID.randomUUID().toString();
        return claim(version, uuid, SELF);
    }

    /** Registers; the reason if it is refused. */
    String register(GuestClaim claim) throws Exception {
        try {
            registry.register(claim).get(Wait.SECONDS, TimeUnit.SECONDS);
            return "registered";
        } catch (ExecutionException e) {
            return e.getCause().getMessage();
        }
    }

    GuestRegistration registered(GuestClaim claim) throws Exception {
        String result = register(claim);
        if (!result.equals("registered")) {
            throw new AssertionError(result);
        }
        return listener.guests.get(claim.key());
    }

    ScriptedGuest connect(GuestRegistration guest) throws IOException {
        return guest.version() == ProtocolVersion.V1
                ? ScriptedGuest.overNanomsg(guest.socket())
                : ScriptedGuest.overZeroMq(
                        guest.socket(), ((Guest) guest).record().claim().uuid());
    }

    Path memoryOf(GuestRegistration guest) {
        return memory.resolve(SharedMemory.fileName(guest.id()));
    }

    /** Makes a guest's shared memory as the library does. */
    Path shareMemory(GuestRegistration guest) throws IOException {
        Path file = memoryOf(guest);
        try (RandomAccessFile made = new RandomAccessFile(file.toFile(), "rw")) {
            made.setLength(ScreenMode.SHARED_BYTES);
        }
        return file;
    }

    /** Paints one 32 bit pixel. */
    void paint(GuestRegistration guest, int index, int value) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(memoryOf(guest).toFile(), "rw")) {
            file.seek(index * 4L);
            file.write(ByteBuffer.allocate(4)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putInt(value)
                    .array());
        }
    }

    @Override
    public void close() {
        registry.close();
        loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
    }
}
