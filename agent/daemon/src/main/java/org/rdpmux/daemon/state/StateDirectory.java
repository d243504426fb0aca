// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon.state;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.rdpmux.daemon.service.Service;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The directory of what must survive the agent. Files are replaced as a whole or not at all. A directory that cannot be
 * written to does not stop the agent: it goes on from memory, says so once, and {@link #retry} writes what is owed as soon
 * as that works. Nothing is written without the directory's lock: of two agents, each would undo what the other wrote. Belongs
 * to the agent thread.
 */
public final class StateDirectory implements Service {

    private static final Logger LOG = LoggerFactory.getLogger(StateDirectory.class);

    /** Far more than tens of thousands of leases; a larger file is not ours. */
    private static final int MAX_FILE_BYTES = 16 * 1024 * 1024;

    private final Path directory;
    private final Map<String, String> owed = new LinkedHashMap<>();
    private DirectoryLock lock;
    private String problem = "";

    public StateDirectory(Path directory) {
        this.directory = directory;
    }

    public Path path() {
        return directory;
    }

    @Override
    public List<String> problems() {
        return problem.isEmpty() ? List.of() : List.of(problem);
    }

    /**
     * Makes the directory if it is not there, and takes its lock.
     *
     * @return whether files can be made in it
     * @throws DirectoryLock.TakenException if another agent uses it, with a sentence
     */
    public boolean prepare() throws DirectoryLock.TakenException {
        try {
            create();
            return true;
        } catch (DirectoryLock.TakenException e) {
            throw e;
        } catch (IOException e) {
            failed(e);
            return false;
        }
    }

    /**
     * A file's text.
     *
     * @return empty if there is no such file
     * @throws IOException if it is there and cannot be read
     */
    public Optional<String> read(String name) throws IOException {
        try (InputStream in = Files.newInputStream(directory.resolve(name))) {
            byte[] bytes = in.readNBytes(MAX_FILE_BYTES + 1);
            if (bytes.length > MAX_FILE_BYTES) {
                throw new IOException(directory.resolve(name) + " is longer than " + MAX_FILE_BYTES + " bytes");
            }
            return Optional.of(new String(bytes, StandardCharsets.UTF_8));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (FileSystemException e) {
            throw new IOException(sentence(e), e);
        }
    }

    /** Replaces a file, now or once that is possible. */
    public void write(String name, String text) {
        owed.put(name, text);
        retry();
    }

    /** Writes what is still owed. */
    public void retry() {
        if (owed.isEmpty()) {
            return;
        }
        try {
            create();
            for (Map.Entry<String, String> entry : Map.copyOf(owed).entrySet()) {
                replace(directory.resolve(entry.getKey()), entry.getValue());
                owed.remove(entry.getKey());
            }
            if (!problem.isEmpty()) {
                LOG.info("{} is written to again; nothing was lost", directory);
                problem = "";
            }
        } catch (IOException e) {
            failed(e);
        }
    }

    private void create() throws IOException {
        if (!Files.isDirectory(directory)) {
            FileAttribute<?> mode = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-x---"));
            Files.createDirectories(directory, mode);
        }
        if (lock == null) {
            lock = DirectoryLock.take(directory, "a state.directory");
        }
    }

    /** Gives the directory back. */
    @Override
    public void close() {
        if (lock != null) {
            try {
                lock.close();
            } catch (IOException e) {
                LOG.warn("cannot remove the lock of {}: {}", directory, e.getMessage());
            }
            lock = null;
        }
    }

    private void failed(IOException e) {
        String sentence =
                "cannot write to the state directory (" + sentence(e) + "), so ports and attached consoles would be"
                        + " forgotten when the agent ends: mend that, or choose another state.directory; it is tried again";
        if (problem.isEmpty()) {
            LOG.warn("{}", sentence);
        }
        problem = sentence;
    }

    /** What went wrong, for people: the exceptions of files say little by themselves. */
    public static String sentence(IOException e) {
        if (e instanceof AccessDeniedException denied) {
            return "no permission for " + denied.getFile();
        }
        if (e instanceof NoSuchFileException missing) {
            return missing.getFile() + " is not there and cannot be made";
        }
        if (e instanceof FileAlreadyExistsException present) {
            return present.getFile() + " is there, but is no directory";
        }
        if (e instanceof FileSystemException file && file.getReason() == null) {
            return file.getFile() + ": " + e.getClass().getSimpleName().replace("Exception", "");
        }
        return e.getMessage();
    }

    /** Writes beside, makes sure it is on the disk, renames: whoever looks, whenever, sees the old text or the new. */
    private void replace(Path file, String text) throws IOException {
        Path temporary = file.resolveSibling(file.getFileName() + ".new");
        try {
            try (FileChannel channel = FileChannel.open(
                    temporary,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.WRITE)) {
                ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            Files.deleteIfExists(temporary);
            throw e;
        }
        try (FileChannel parent = FileChannel.open(directory, StandardOpenOption.READ)) {
            parent.force(true);
        }
    }
}
