// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.librdpmux;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * Takes in guests built with librdpmux: owns {@code org.RDPMux.RDPMux} on the system bus, gives each guest that registers
 * a socket, and keeps the registrations over restarts. Guests of all protocol versions are served side by side.
 *
 * <p>At {@code /org/RDPMux/RDPMux} each caller is offered the version of the library it has mapped, or the configured one
 * if that cannot be seen; at {@code /org/RDPMux/RDPMux/v1} to {@code v5} that version.
 *
 * <p>{@link #start} and {@link #close} are called once each, from any thread. Without a bus the service still serves the
 * guests it knows, and takes the name once there is a bus.
 */
public final class LibrdpmuxService implements AutoCloseable {

    private static final int LOOPS = 2;
    private static final int CLOSE_SECONDS = 5;
    private static final long ROOT = 0;

    /** Longest path of a Unix socket, without the terminating NUL. */
    private static final int MAX_SOCKET_PATH = 107;
    /** Longest file name of a guest's socket, with the separator. */
    private static final int MAX_SOCKET_NAME = 56;

    private final LibrdpmuxConfig config;
    private final GuestListener listener;
    private final Path sharedMemoryDirectory;
    private final ProcessTable processes = new ProcessTable();
    private FileChannel lock;
    private EventLoopGroup loops;
    private GuestRegistry registry;
    private BusConnector bus;

    public LibrdpmuxService(LibrdpmuxConfig config, GuestListener listener) {
        this(config, listener, SharedMemory.DIRECTORY);
    }

    LibrdpmuxService(LibrdpmuxConfig config, GuestListener listener, Path sharedMemoryDirectory) {
        this.config = Objects.requireNonNull(config);
        this.listener = Objects.requireNonNull(listener);
        this.sharedMemoryDirectory = sharedMemoryDirectory;
    }

    /**
     * Brings back the guests that still run, whose sockets exist when this returns, and goes on to connect to the bus.
     *
     * @throws IOException with a sentence for people if the directories cannot be used, or another service uses them
     */
    public void start() throws IOException {
        int socketPath = config.runtimeDirectory().toString().getBytes(StandardCharsets.UTF_8).length + MAX_SOCKET_NAME;
        if (socketPath > MAX_SOCKET_PATH) {
            throw new IOException("the path " + config.runtimeDirectory() + " is too long to make sockets in");
        }
        try {
            Files.createDirectories(config.stateDirectory());
            takeLock();
            loops = new MultiThreadIoEventLoopGroup(
                    LOOPS, new DefaultThreadFactory("librdpmux-guests", true), EpollIoHandler.newFactory());
            registry = new GuestRegistry(config, listener, processes, sharedMemoryDirectory, loops);
            registry.start();
            long ourUid = processes
                    .identify(Math.toIntExact(ProcessHandle.current().pid()))
                    .map(ProcessIdentity::uid)
                    .orElse(ROOT);
            bus = new BusConnector(
                    config.resolvedBusAddress(),
                    config.defaultVersion(),
                    registry,
                    processes,
                    uid -> uid == ROOT || uid == ourUid);
            bus.start();
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    /** Whether guests can register at present. */
    public boolean isOnBus() {
        return bus != null && bus.isConnected();
    }

    /**
     * Leaves the bus and closes sockets and displays; blocks for a bounded time. The guests are not gone: the next service
     * with the same directories brings them back.
     */
    @Override
    public void close() {
        if (bus != null) {
            bus.close();
        }
        if (registry != null) {
            registry.close();
        }
        if (loops != null) {
            loops.shutdownGracefully(0, CLOSE_SECONDS, TimeUnit.SECONDS)
                    .awaitUninterruptibly(CLOSE_SECONDS, TimeUnit.SECONDS);
        }
        if (lock != null) {
            try {
                lock.close();
            } catch (IOException ignored) {
                // the lock ends with the descriptor, whatever closing it says
            }
        }
    }

    private void takeLock() throws IOException {
        lock = FileChannel.open(
                config.stateDirectory().resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock held;
        try {
            held = lock.tryLock();
        } catch (OverlappingFileLockException e) {
            held = null;
        }
        if (held == null) {
            throw new IOException("another service uses " + config.stateDirectory());
        }
    }
}
