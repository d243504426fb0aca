// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.librdpmux;

import com.sun.jna.LastErrorException;
import com.sun.jna.Library;
import com.sun.jna.Native;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Objects;
import org.rdpmux.display.SharedFramebuffer;

/**
 * A guest's shared memory, open for reading. It is read like a file and never mapped: the guest may truncate or unlink it
 * at any time, and a read then comes out short where a mapping would fault. What was opened stays open, whatever the name
 * leads to afterwards.
 *
 * <p>Safe for use by several threads. A thread that is interrupted while it reads closes the file (as the JDK's channels
 * do), so threads that read screens must not be.
 */
final class SharedMemory implements SharedFramebuffer.Memory, Closeable {

    /** Where Linux keeps POSIX shared memory. */
    static final Path DIRECTORY = Path.of("/dev/shm");

    private static final String ATTRIBUTES = "unix:isRegularFile,uid,fileKey";

    /** Calls of the C library; each throws what errno says. Java opens a pipe only once somebody writes to it. */
    private interface C extends Library {
        int open(String path, int flags) throws LastErrorException;

        int close(int fd);
    }

    private static final C LIBC = Native.load("c", C.class);

    // As Linux has them on x86 and arm alike; O_RDONLY is 0.
    private static final int O_NOCTTY = 0400;
    private static final int O_NONBLOCK = 04000;
    private static final int O_CLOEXEC = 02000000;

    private final FileChannel channel;

    private SharedMemory(FileChannel channel) {
        this.channel = channel;
    }

    /** The name librdpmux gives the shared memory of the guest that registered with this number. */
    static String fileName(int id) {
        return id + ".rdpmux";
    }

    /**
     * Opens a guest's shared memory, without waiting for whatever the guest may have put in its place, such as a pipe.
     *
     * @param ownerUid whom the file must belong to
     * @throws IOException with a sentence that says why it cannot be used
     */
    static SharedMemory open(Path directory, int id, long ownerUid) throws IOException {
        Path file = directory.resolve(fileName(id));
        int descriptor;
        try {
            descriptor = LIBC.open(file.toString(), O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
        } catch (LastErrorException e) {
            throw new IOException(file + " cannot be opened: " + e.getMessage(), e);
        }
        try {
            // Leads to what is open, whatever the name leads to by now; no link, so that the name is that of the file
            // itself.
            Path opened = Path.of("/proc/self/fd", Integer.toString(descriptor));
            Object key = check(Files.readAttributes(opened, ATTRIBUTES), file, ownerUid);
            if (!key.equals(check(Files.readAttributes(file, ATTRIBUTES, LinkOption.NOFOLLOW_LINKS), file, ownerUid))) {
                throw new IOException(file + " was replaced while it was opened");
            }
            return new SharedMemory(FileChannel.open(opened, StandardOpenOption.READ));
        } finally {
            LIBC.close(descriptor);
        }
    }

    /** Returns what identifies the file (device and inode). */
    private static Object check(Map<String, Object> attributes, Path file, long ownerUid) throws IOException {
        if (!Boolean.TRUE.equals(attributes.get("isRegularFile"))) {
            throw new IOException(file + " is not a regular file");
        }
        long uid = ((Number) attributes.get("uid")).longValue();
        if (uid != ownerUid) {
            throw new IOException(file + " belongs to user " + uid + ", not to the guest's user " + ownerUid);
        }
        return Objects.requireNonNull(attributes.get("fileKey"));
    }

    /** Whether it is large enough for a screen of this many bytes now; false if it is closed. */
    boolean holds(long bytes) {
        try {
            return channel.size() >= bytes;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public boolean readFully(ByteBuffer target, long position) {
        return SharedFramebuffer.Memory.readFully(channel, target, position);
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException ignored) {
            // a descriptor that was open for reading has nothing to lose
        }
    }
}
