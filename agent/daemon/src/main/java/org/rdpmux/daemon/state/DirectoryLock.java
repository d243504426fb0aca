// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon.state;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Lets one agent use a directory at a time. The kernel gives the lock back when the process ends, however it ends;
 * the file itself is removed at an orderly end.
 *
 * <p>INVARIANT: while the lock is held, this process opens the file nowhere else. POSIX has a process lose its lock as soon
 * as it closes any descriptor of the file.
 */
public final class DirectoryLock implements AutoCloseable {

    /** Each further attempt means that yet another agent ended between our opening and locking its file. */
    private static final int ATTEMPTS = 10;

    /** What stands in a file that was removed: whoever had it open already must not take it for the lock. */
    private static final String REMOVED = "removed";

    /** Room for a process id and for {@link #REMOVED}. */
    private static final int MAX_CONTENT = 32;

    private final Path file;
    private final FileChannel channel;

    private DirectoryLock(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /** Another agent uses the directory. */
    public static final class TakenException extends IOException {
        private static final long serialVersionUID = 1;

        TakenException(String message) {
            super(message);
        }
    }

    /**
     * Takes the lock.
     *
     * @param advice which settings another agent needs, the end of a sentence
     * @throws TakenException with a sentence, if another agent has it
     * @throws IOException if the directory cannot be used
     */
    public static DirectoryLock take(Path directory, String advice) throws IOException {
        Path file = directory.resolve("lock");
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            boolean locked = isLocked(channel);
            String content = read(channel);
            if (locked && !content.equals(REMOVED)) {
                write(channel, String.valueOf(ProcessHandle.current().pid()));
                return new DirectoryLock(file, channel);
            }
            channel.close();
            if (!locked) {
                String owner = content.matches("[0-9]+") ? " (process " + content + ")" : "";
                throw new TakenException("another agent" + owner + " uses " + directory + "; stop it, or give this one "
                        + advice + " of its own");
            }
        }
        throw new IOException("cannot lock " + file + ": it is replaced all the time");
    }

    private static boolean isLocked(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    private static String read(FileChannel channel) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(MAX_CONTENT);
        channel.read(bytes, 0);
        return StandardCharsets.US_ASCII.decode(bytes.flip()).toString();
    }

    private static void write(FileChannel channel, String content) throws IOException {
        channel.truncate(0);
        channel.write(ByteBuffer.wrap(content.getBytes(StandardCharsets.US_ASCII)), 0);
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(file);
        write(channel, REMOVED);
        channel.close();
    }
}
