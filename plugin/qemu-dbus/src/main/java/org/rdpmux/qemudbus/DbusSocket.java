// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.qemudbus;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries bytes and descriptors between a socket and a {@link DbusPeer}, on a Netty event loop, whose own channels carry either
 * bytes or descriptors. The loop reads one piece of at most {@value #MAX_READ} bytes for each turn. Belongs to the loop.
 *
 * <p>Its many fields are both directions of one connection.
 */
final class DbusSocket implements EpollIoHandle, DbusPeer.Output {

    private static final Logger log = LoggerFactory.getLogger(DbusSocket.class);

    private static final int MIN_READ = 4 << 10;
    /** Some more than the buffer of a Unix socket holds. */
    private static final int MAX_READ = 256 << 10;

    /** A peer that lets this much lie does not read any more. */
    static final int MAX_UNSENT = 256 << 10;

    private final UnixSocket socket;
    private final Consumer<String> failed;
    private final Descriptors descriptors = new Descriptors();
    private final Deque<Message> unsent = new ArrayDeque<>();
    private int unsentBytes;
    private DbusPeer peer;
    private Runnable received;
    private ByteBuf in;
    private int readSize = MIN_READ;
    private IoRegistration registration;
    private boolean over;

    /** What waits to be sent. */
    private record Message(ByteBuf bytes, int descriptor) {
        void drop() {
            bytes.release();
            closeDescriptor();
        }

        void closeDescriptor() {
            if (descriptor != UnixSocket.NO_DESCRIPTOR) {
                UnixSocket.close(descriptor);
            }
        }
    }

    /** @param failed hears once why the connection ended, as the predicate of a sentence; it closes this */
    DbusSocket(UnixSocket socket, Consumer<String> failed) {
        this.socket = socket;
        this.failed = failed;
    }

    /**
     * Begins to read.
     *
     * @param talks gets what arrives
     * @param afterwards runs after each piece that arrived
     */
    void begin(IoEventLoop loop, DbusPeer talks, Runnable afterwards) {
        peer = talks;
        received = afterwards;
        Future<IoRegistration> registering = loop.register(this);
        registering.addListener(done -> {
            if (!done.isSuccess()) {
                fail("cannot be read from: " + done.cause().getMessage());
            } else if (over) {
                registering.getNow().cancel();
            } else {
                registration = registering.getNow();
                watch();
            }
        });
    }

    @Override
    public FileDescriptor fd() {
        return new FileDescriptor(socket.descriptor());
    }

    private void watch() {
        if (registration != null) {
            registration.submit(unsent.isEmpty() ? EpollIoOps.EPOLLIN : EpollIoOps.EPOLLIN.with(EpollIoOps.EPOLLOUT));
        }
    }

    @Override
    public void handle(IoRegistration from, IoEvent event) {
        if (over) {
            return;
        }
        try {
            if (!unsent.isEmpty()) {
                flush();
                watch();
            }
            read();
        } catch (DbusException e) {
            fail(e.getMessage());
        } catch (IOException e) {
            fail("was lost: " + e.getMessage());
        } catch (RuntimeException e) {
            log.error("a D-Bus display's reader failed", e);
            fail("was lost by a fault of rdpmux: " + e);
        }
    }

    private void read() throws IOException {
        ByteBuf buffer = in == null ? ByteBufAllocator.DEFAULT.directBuffer(readSize) : in;
        in = null;
        try {
            buffer.ensureWritable(readSize);
            int room = buffer.writableBytes();
            int count = socket.receive(buffer, descriptors);
            if (count == 0) {
                throw new IOException(
                        "QEMU closed the connection" + (peer.isInsideMessage() ? " within a message" : ""));
            }
            if (count > 0) {
                readSize = count == room ? Math.min(readSize * 4, MAX_READ) : Math.max(readSize / 2, MIN_READ);
                peer.receive(buffer, descriptors);
                received.run();
            }
            if (!over && buffer.isReadable()) { // a display that is still keeps no memory
                in = buffer.discardReadBytes();
            }
        } finally {
            if (in == null) {
                buffer.release();
            }
        }
    }

    @Override
    public void send(ByteBuf message, int descriptor) {
        Message last = new Message(message, descriptor);
        if (over) {
            last.drop();
            return;
        }
        boolean idle = unsent.isEmpty();
        unsent.add(last);
        unsentBytes += message.readableBytes();
        if (!idle) {
            if (unsentBytes > MAX_UNSENT) {
                throw new DbusException("does not read its input");
            }
            return;
        }
        try {
            flush();
        } catch (IOException e) {
            throw new DbusException("was lost: " + e.getMessage());
        }
        if (!unsent.isEmpty()) {
            watch();
        }
    }

    private void flush() throws IOException {
        while (!unsent.isEmpty()) {
            Message next = unsent.peek();
            int before = next.bytes().readableBytes();
            if (!socket.send(next.bytes(), next.descriptor())) {
                return;
            }
            unsentBytes -= before - next.bytes().readableBytes();
            unsent.remove();
            next.closeDescriptor(); // it went with the first byte
            if (next.bytes().isReadable()) {
                unsent.addFirst(new Message(next.bytes(), UnixSocket.NO_DESCRIPTOR));
            } else {
                next.bytes().release();
            }
        }
    }

    private void fail(String predicate) {
        if (!over) {
            failed.accept(predicate);
        }
    }

    /** Closes the socket, and what it holds. Idempotent. */
    @Override
    public void close() {
        if (over) {
            return;
        }
        over = true;
        if (registration != null) {
            registration.cancel();
        }
        unsent.forEach(Message::drop);
        unsent.clear();
        descriptors.close();
        if (peer != null) {
            peer.close();
        }
        if (in != null) {
            in.release();
            in = null;
        }
        socket.close();
    }
}
