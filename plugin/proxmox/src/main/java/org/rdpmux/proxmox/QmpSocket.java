// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.proxmox;

import com.sun.jna.LastErrorException;
import com.sun.jna.Library;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * A connection to a Unix socket that carries lines of text, and descriptors beside them, for which Java has no means. Its
 * calls wait until a deadline that is set once for all of them. What goes wrong is told as the end of a sentence that begins
 * with the socket. Belongs to one thread. Structures are those of 64-bit Linux, the same on x86-64 and arm64.
 */
final class QmpSocket implements AutoCloseable {

    static final int NO_DESCRIPTOR = -1;

    /** QEMU's answers to what is asked here are short; its greeting has some 150 bytes. */
    static final int MAX_LINE = 64 << 10;

    /** Of a connection. Events of a guest that keeps QEMU busy come between the answers. */
    static final int MAX_RECEIVED = 1 << 20;

    private static final int AF_UNIX = 1;
    private static final int SOCK_STREAM = 1;
    private static final int SOCK_NONBLOCK = 04000;
    private static final int SOCK_CLOEXEC = 02000000;
    private static final int SOL_SOCKET = 1;
    private static final int SO_RCVTIMEO = 20;
    private static final int SO_SNDTIMEO = 21;
    private static final int SCM_RIGHTS = 1;
    private static final int MSG_NOSIGNAL = 0x4000;
    private static final int EAGAIN = 11;

    /** Room for the path in a sockaddr_un, with the zero behind it. */
    private static final int SUN_PATH = 108;

    // A message in memory: msghdr, the iovec and the cmsghdr that it points to, the text.
    private static final int MSGHDR_SIZE = 56;
    private static final int IOVEC = MSGHDR_SIZE;
    private static final int CMSGHDR = IOVEC + 16;
    private static final int CMSG_SPACE = 24; // for one int
    private static final int CMSG_LEN = 20;
    private static final int TEXT = CMSGHDR + CMSG_SPACE;

    /** The C library. */
    private interface C extends Library {
        C LIBC = Native.load("c", C.class);

        int socket(int domain, int type, int protocol) throws LastErrorException;

        int socketpair(int domain, int type, int protocol, int[] pair) throws LastErrorException;

        int connect(int fd, byte[] address, int length) throws LastErrorException;

        int setsockopt(int fd, int level, int option, long[] value, int length) throws LastErrorException;

        long sendmsg(int fd, Memory message, int flags) throws LastErrorException;

        long recv(int fd, byte[] buffer, long length, int flags) throws LastErrorException;

        int close(int fd) throws LastErrorException;
    }

    /** The deadline has passed. */
    static final class LateException extends IOException {
        private static final long serialVersionUID = 1;

        LateException() {
            super("does not answer in time");
        }
    }

    private final int fd;
    private final long deadline;
    private final byte[] buffer = new byte[4096];
    private int filled;
    private int taken;
    private int received;

    private QmpSocket(int fd, long deadline) {
        this.fd = fd;
        this.deadline = deadline;
    }

    /**
     * Connects.
     *
     * @param patience for everything that is done with the connection
     * @throws IOException if nobody listens there, or the path is too long for a socket
     */
    static QmpSocket connect(Path path, Duration patience) throws IOException {
        byte[] name = path.toString().getBytes(StandardCharsets.UTF_8);
        if (name.length >= SUN_PATH) {
            throw new IOException("has a path that is too long for a socket");
        }
        byte[] address = new byte[2 + SUN_PATH]; // sockaddr_un: sun_family in the machine's order, sun_path
        address[0] = AF_UNIX;
        System.arraycopy(name, 0, address, 2, name.length);
        try {
            QmpSocket socket = new QmpSocket(
                    C.LIBC.socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), System.nanoTime() + patience.toNanos());
            try {
                socket.limit(SO_SNDTIMEO);
                C.LIBC.connect(socket.fd, address, address.length);
                return socket;
            } catch (LastErrorException | IOException e) {
                socket.close();
                throw e;
            }
        } catch (LastErrorException e) {
            throw failure("cannot be connected to", e);
        }
    }

    /**
     * Two sockets that are connected to each other.
     *
     * @return the descriptors, the caller's to close; reads and writes of them never wait
     */
    static int[] pair() throws IOException {
        int[] pair = new int[2];
        try {
            C.LIBC.socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, pair);
        } catch (LastErrorException e) {
            throw failure("no pair of sockets is to be had", e);
        }
        return pair;
    }

    static void close(int descriptor) {
        try {
            C.LIBC.close(descriptor);
        } catch (LastErrorException ignored) {
            // A socket's close has nothing to report.
        }
    }

    /**
     * Sends a line.
     *
     * @param descriptor to send beside it, which stays the caller's; or {@link #NO_DESCRIPTOR}
     */
    void send(String line, int descriptor) throws IOException {
        byte[] text = (line + "\n").getBytes(StandardCharsets.UTF_8);
        // One block: what is pointed to lives as long as what points there.
        Memory message = new Memory(TEXT + text.length);
        message.clear();
        message.setPointer(16, message.share(IOVEC)); // msg_iov
        message.setLong(24, 1); // msg_iovlen
        message.setPointer(IOVEC, message.share(TEXT)); // iov_base
        message.setLong(IOVEC + 8, text.length); // iov_len
        message.write(TEXT, text, 0, text.length);
        if (descriptor != NO_DESCRIPTOR) {
            message.setPointer(32, message.share(CMSGHDR)); // msg_control
            message.setLong(40, CMSG_SPACE); // msg_controllen
            message.setLong(CMSGHDR, CMSG_LEN); // cmsg_len
            message.setInt(CMSGHDR + 8, SOL_SOCKET); // cmsg_level
            message.setInt(CMSGHDR + 12, SCM_RIGHTS); // cmsg_type
            message.setInt(CMSGHDR + 16, descriptor);
        }
        limit(SO_SNDTIMEO);
        try {
            // A line is far shorter than a socket's buffer: it goes at once.
            if (C.LIBC.sendmsg(fd, message, MSG_NOSIGNAL) != text.length) {
                throw new IOException("does not read what it is sent");
            }
        } catch (LastErrorException e) {
            throw failure("cannot be written to", e);
        }
    }

    /** The next line, without its end. */
    String receive() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        while (line.size() < MAX_LINE) {
            if (taken == filled) {
                fill();
            }
            byte next = buffer[taken++];
            if (next == '\n') {
                return line.toString(StandardCharsets.UTF_8).strip();
            }
            line.write(next);
        }
        throw new IOException("sends a line of more than " + MAX_LINE + " bytes");
    }

    private void fill() throws IOException {
        if (received > MAX_RECEIVED) {
            throw new IOException("sends more than " + MAX_RECEIVED + " bytes");
        }
        limit(SO_RCVTIMEO);
        try {
            filled = (int) C.LIBC.recv(fd, buffer, buffer.length, 0);
        } catch (LastErrorException e) {
            filled = 0;
            throw failure("cannot be read from", e);
        } finally {
            taken = 0;
        }
        received += filled;
        if (filled == 0) {
            throw new IOException("hung up");
        }
    }

    private void limit(int option) throws IOException {
        long left = TimeUnit.NANOSECONDS.toMicros(deadline - System.nanoTime());
        if (left <= 0) { // which the system would take for no limit at all
            throw new LateException();
        }
        try {
            C.LIBC.setsockopt(fd, SOL_SOCKET, option, new long[] {left / 1_000_000, left % 1_000_000}, 16); // timeval
        } catch (LastErrorException e) {
            throw failure("takes no time limit", e);
        }
    }

    /** JNA says {@code [13] Permission denied}. */
    private static IOException failure(String what, LastErrorException e) {
        return e.getErrorCode() == EAGAIN
                ? new LateException()
                : new IOException(what + ": " + String.valueOf(e.getMessage()).replaceFirst("^\\[[0-9]+\\] ", ""), e);
    }

    @Override
    public void close() {
        close(fd);
    }
}
