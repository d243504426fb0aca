// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.qemudbus;

import com.sun.jna.LastErrorException;
import com.sun.jna.Library;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A connected Unix socket that carries descriptors beside bytes, and tells who made it, for which Java has no means. No call
 * waits, whatever mode the descriptor is in. Belongs to one thread. Structures are those of 64-bit Linux, the same on x86-64
 * and arm64.
 */
final class UnixSocket implements AutoCloseable {

    static final int NO_DESCRIPTOR = -1;

    /** What {@link #receive} gives for a socket that has nothing now; 0 is the end. */
    static final int NOTHING = -1;

    private static final int AF_UNIX = 1;
    private static final int SOCK_STREAM = 1;
    private static final int SOCK_NONBLOCK = 04000;
    private static final int SOCK_CLOEXEC = 02000000;
    private static final int SOL_SOCKET = 1;
    private static final int SO_PEERCRED = 17;
    private static final int SCM_RIGHTS = 1;
    private static final int MSG_CTRUNC = 8;
    private static final int MSG_DONTWAIT = 0x40;
    private static final int MSG_NOSIGNAL = 0x4000;
    private static final int MSG_CMSG_CLOEXEC = 0x40000000;
    private static final int EINTR = 4;
    private static final int EAGAIN = 11;
    private static final long TMPFS_MAGIC = 0x01021994;

    // A message in memory: msghdr, and the iovec and control messages that it points to.
    private static final int MSG_IOV = 16;
    private static final int MSG_IOVLEN = 24;
    private static final int MSG_CONTROL = 32;
    private static final int MSG_CONTROLLEN = 40;
    private static final int MSG_FLAGS = 48;
    private static final int IOVEC = 56;
    private static final int CONTROL = IOVEC + 16;
    private static final int CMSGHDR = 16;
    private static final int CONTROL_ROOM = CMSGHDR + Descriptors.MAX * Integer.BYTES;

    /** The C library. */
    private interface C extends Library {
        C LIBC = Native.load("c", C.class);

        int socketpair(int domain, int type, int protocol, int[] pair) throws LastErrorException;

        int getsockopt(int fd, int level, int option, int[] value, int[] length) throws LastErrorException;

        long sendmsg(int fd, Pointer message, int flags) throws LastErrorException;

        long recvmsg(int fd, Pointer message, int flags) throws LastErrorException;

        int fstatfs(int fd, Memory statfs) throws LastErrorException;

        int close(int fd) throws LastErrorException;
    }

    private final int fd;
    private final Memory message = new Memory(CONTROL + CONTROL_ROOM);

    /** @param fd a connected stream socket, which belongs to this from now on */
    UnixSocket(int fd) {
        this.fd = fd;
    }

    /** Two sockets that are connected to each other; the descriptors are the caller's to close. */
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
            // Nothing was written that could have been lost.
        }
    }

    /** Whether the descriptor is of memory: a file there never keeps a reader waiting for a disk or a network. */
    static boolean isMemory(int descriptor) {
        Memory statfs = new Memory(256);
        try {
            C.LIBC.fstatfs(descriptor, statfs);
            return statfs.getLong(0) == TMPFS_MAGIC;
        } catch (LastErrorException e) {
            return false;
        }
    }

    int descriptor() {
        return fd;
    }

    /** The user who connected the other end, or who made the pair. */
    int peerUser() throws IOException {
        int[] ucred = new int[3]; // pid, uid, gid
        try {
            C.LIBC.getsockopt(fd, SOL_SOCKET, SO_PEERCRED, ucred, new int[] {ucred.length * Integer.BYTES});
        } catch (LastErrorException e) {
            throw failure("is no Unix socket", e);
        }
        return ucred[1];
    }

    /**
     * Reads what is there.
     *
     * @param target a direct buffer; receives at most as many bytes as it has room for now
     * @param descriptors receives those that came beside the bytes
     * @return how many bytes, 0 at the end, or {@link #NOTHING}
     */
    int receive(ByteBuf target, Descriptors descriptors) throws IOException {
        ByteBuffer room = target.nioBuffer(target.writerIndex(), target.writableBytes());
        prepare(Native.getDirectBufferPointer(room), room.remaining());
        message.setLong(MSG_CONTROLLEN, CONTROL_ROOM);
        int count;
        try {
            count = (int) C.LIBC.recvmsg(fd, message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
        } catch (LastErrorException e) {
            if (isTemporary(e)) {
                return NOTHING;
            }
            throw failure("cannot be read from", e);
        }
        takeDescriptors(descriptors);
        target.writerIndex(target.writerIndex() + count);
        return count;
    }

    private void takeDescriptors(Descriptors descriptors) {
        long end = CONTROL + message.getLong(MSG_CONTROLLEN);
        for (long at = CONTROL; at + CMSGHDR <= end; ) {
            long length = message.getLong(at); // cmsg_len
            if (message.getInt(at + 8) == SOL_SOCKET && message.getInt(at + 12) == SCM_RIGHTS) {
                for (long each = at + CMSGHDR; each < at + length; each += Integer.BYTES) {
                    descriptors.add(message.getInt(each));
                }
            }
            at += length + 7 & ~7L;
        }
        if ((message.getInt(MSG_FLAGS) & MSG_CTRUNC) != 0) {
            throw DbusException.violation("message", "comes with more than " + Descriptors.MAX + " file descriptors");
        }
    }

    /**
     * Writes what fits, and marks it as read.
     *
     * @param bytes a direct buffer
     * @param descriptor goes with the first byte and stays the caller's; or {@link #NO_DESCRIPTOR}
     * @return whether any of it was written
     */
    boolean send(ByteBuf bytes, int descriptor) throws IOException {
        ByteBuffer source = bytes.nioBuffer();
        prepare(Native.getDirectBufferPointer(source), source.remaining());
        if (descriptor == NO_DESCRIPTOR) {
            message.setLong(MSG_CONTROLLEN, 0);
        } else {
            message.setLong(MSG_CONTROLLEN, CMSGHDR + 8);
            message.setLong(CONTROL, CMSGHDR + Integer.BYTES); // cmsg_len
            message.setInt(CONTROL + 8, SOL_SOCKET); // cmsg_level
            message.setInt(CONTROL + 12, SCM_RIGHTS); // cmsg_type
            message.setInt(CONTROL + 16, descriptor);
        }
        try {
            bytes.skipBytes((int) C.LIBC.sendmsg(fd, message, MSG_DONTWAIT | MSG_NOSIGNAL));
            return true;
        } catch (LastErrorException e) {
            if (isTemporary(e)) {
                return false;
            }
            throw failure("cannot be written to", e);
        }
    }

    private void prepare(Pointer bytes, int length) {
        message.clear();
        message.setPointer(MSG_IOV, message.share(IOVEC));
        message.setLong(MSG_IOVLEN, 1);
        message.setPointer(IOVEC, bytes); // iov_base
        message.setLong(IOVEC + 8, length); // iov_len
        message.setPointer(MSG_CONTROL, message.share(CONTROL));
    }

    private static boolean isTemporary(LastErrorException e) {
        return e.getErrorCode() == EAGAIN || e.getErrorCode() == EINTR;
    }

    /** JNA says {@code [13] Permission denied}. */
    private static IOException failure(String what, LastErrorException e) {
        return new IOException(what + ": " + String.valueOf(e.getMessage()).replaceFirst("^\\[[0-9]+\\] ", ""), e);
    }

    @Override
    public void close() {
        close(fd);
    }
}
