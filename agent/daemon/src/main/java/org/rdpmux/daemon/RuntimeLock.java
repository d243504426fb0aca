// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Lets one agent use a runtime directory at a time. The kernel gives the lock back when the process ends, however it ends;
 * the file itself is removed at an orderly end.
 */
final class RuntimeLock implements AutoCloseable {

    /** Each attempt meets another agent that ends at this very moment. */
    private static final int ATTEMPTS = 10;

    private final Path file;
    private final FileChannel channel;

    private RuntimeLock(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /**
     * Takes the lock.
     *
     * @throws IOException with a sentence, if another agent has it or the directory cannot be used
     */
    static RuntimeLock take(Path directory) throws IOException {
        Path file = directory.resolve("lock");
        String mine = ProcessHandle.current().pid() + " " + System.nanoTime();
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            if (!lock(channel)) {
                channel.close();
                throw new IOException("another agent" + owner(file) + " uses " + directory
                        + "; stop it, or give this one a runtime.directory and listen.ports of its own");
            }
            channel.truncate(0);
            channel.write(ByteBuffer.wrap(mine.getBytes(StandardCharsets.US_ASCII)));
            // Between our opening and locking it, its owner may have ended and removed it: then we hold a lock on
            // nothing.
            if (mine.equals(content(file))) {
                return new RuntimeLock(file, channel);
            }
            channel.close();
        }
        throw new IOException("cannot lock " + file + ": it is replaced all the time");
    }

    private static boolean lock(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    private static String content(Path file) throws IOException {
        try {
            return Files.readString(file, StandardCharsets.US_ASCII);
        } catch (NoSuchFileException e) {
            return "";
        }
    }

    private static String owner(Path file) throws IOException {
        String pid = content(file).split(" ", 2)[0];
        return pid.matches("[0-9]{1,10}") ? " (process " + pid + ")" : "";
    }

    Path file() {
        return file;
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(file);
        channel.close();
    }
}
