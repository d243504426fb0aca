// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.librdpmux;

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
import java.util.Set;

/**
 * A guest's shared memory, open for reading. It is read like a file and never mapped: the guest may truncate or unlink it
 * at any time, and a read then comes out short where a mapping would fault. What was opened stays open, whatever the name
 * leads to afterwards.
 *
 * <p>Safe for use by several threads. A thread that is interrupted while it reads closes the file (as the JDK's channels
 * do), so threads that read screens must not be.
 */
final class SharedMemory implements Closeable {

    /** Where Linux keeps POSIX shared memory. */
    static final Path DIRECTORY = Path.of("/dev/shm");

    private final FileChannel channel;

    private SharedMemory(FileChannel channel) {
        this.channel = channel;
    }

    /** The name librdpmux gives the shared memory of the guest that registered with this number. */
    static String fileName(int id) {
        return id + ".rdpmux";
    }

    /**
     * Opens a guest's shared memory. May block if the guest plays tricks with pipes, hence never on an event loop.
     *
     * @param ownerUid whom the file must belong to
     * @throws IOException with a sentence that says why it cannot be used
     */
    static SharedMemory open(Path directory, int id, long ownerUid) throws IOException {
        Path file = directory.resolve(fileName(id));
        Object before = check(file, ownerUid);
        FileChannel channel = FileChannel.open(file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
        try {
            if (!before.equals(check(file, ownerUid))) {
                throw new IOException(file + " was replaced while it was opened");
            }
            return new SharedMemory(channel);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** Returns what identifies the file (device and inode). */
    private static Object check(Path file, long ownerUid) throws IOException {
        Map<String, Object> attributes =
                Files.readAttributes(file, "unix:isRegularFile,uid,fileKey", LinkOption.NOFOLLOW_LINKS);
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

    /** Fills the buffer from a position; false if there are fewer bytes. */
    boolean readFully(ByteBuffer target, long position) {
        try {
            long at = position;
            while (target.hasRemaining()) {
                int read = channel.read(target, at);
                if (read <= 0) {
                    return false;
                }
                at += read;
            }
            return true;
        } catch (IOException e) {
            return false;
        }
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
