// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.security.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;

/**
 * A file that holds a secret. All methods touch the disk; errors are sentences that name the file and never quote what is in
 * it.
 */
public final class PrivateFile {

    /** Mode 0600: what files made here have. */
    public static final Set<PosixFilePermission> OWNER_ONLY = Set.copyOf(PosixFilePermissions.fromString("rw-------"));

    /** At most mode 0640, for files that another program made and a group was let in to. */
    public static final Set<PosixFilePermission> GROUP_READS = Set.copyOf(PosixFilePermissions.fromString("rw-r-----"));

    private PrivateFile() {}

    /** What changes when a file is replaced or rewritten. */
    public record Stamp(FileTime modified, long size, Object file) {

        /**
         * Of the file of that name now. Does not open it.
         *
         * @throws IOException also if there is no file
         */
        public static Stamp of(Path path) throws IOException {
            try {
                return of(Files.readAttributes(path, BasicFileAttributes.class));
            } catch (NoSuchFileException e) {
                throw missing(path);
            }
        }

        static Stamp of(BasicFileAttributes attributes) {
            return new Stamp(attributes.lastModifiedTime(), attributes.size(), attributes.fileKey());
        }
    }

    /**
     * What a file held, and the stamp of the very file that was read: of one that is replaced meanwhile it is the old one's.
     */
    public record Content(byte[] bytes, Stamp stamp) implements AutoCloseable {

        /** Wipes the bytes. */
        @Override
        public void close() {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    /**
     * The whole file. Name, kind, mode and content are those of one file, whatever is put in its place meanwhile, and no pipe
     * or device makes the caller wait.
     *
     * @param max refused if it has more bytes
     * @param allowed refused if its mode has more than that
     * @return the caller's to close
     * @throws NoSuchFileException if there is none
     * @throws IOException a sentence that says how to mend it
     */
    public static Content read(Path file, int max, Set<PosixFilePermission> allowed) throws IOException {
        try (RegularFile opened = RegularFile.open(file)) {
            PosixFileAttributes attributes = opened.attributes();
            requireMode(file, attributes.permissions(), allowed);
            byte[] bytes = opened.read(max);
            if (bytes.length > max) {
                Arrays.fill(bytes, (byte) 0);
                throw new IOException(file + " is larger than " + max + " bytes");
            }
            return new Content(bytes, Stamp.of(attributes));
        }
    }

    /** As {@link #read(Path, int, Set)}, whatever the file's mode. */
    public static Content read(Path file, int max) throws IOException {
        return read(file, max, EnumSet.allOf(PosixFilePermission.class));
    }

    private static void requireMode(Path file, Set<PosixFilePermission> mode, Set<PosixFilePermission> allowed)
            throws IOException {
        if (!allowed.containsAll(mode)) {
            throw new IOException(file + " holds secrets but others may access it ("
                    + PosixFilePermissions.toString(mode) + "); make it " + PosixFilePermissions.toString(allowed));
        }
    }

    static NoSuchFileException missing(Path file) {
        return new MissingFileException(file);
    }

    /** A sentence. */
    private static final class MissingFileException extends NoSuchFileException {
        private static final long serialVersionUID = 1;

        MissingFileException(Path file) {
            super(file.toString(), null, "does not exist");
        }

        @Override
        public String getMessage() {
            return getFile() + " " + getReason();
        }
    }

    /**
     * Writes {@code content} to a new file of mode 0600.
     *
     * @return false if {@code file} was there first; it is untouched then
     */
    public static boolean create(Path file, byte[] content) throws IOException {
        Path temporary = temporary(file, content);
        try {
            // Unlike a rename, a link never replaces what somebody else put there.
            Files.createLink(file, temporary);
            return true;
        } catch (FileAlreadyExistsException e) {
            return false;
        } finally {
            Files.delete(temporary);
        }
    }

    /** Writes {@code content} to {@code file}, mode 0600, whether or not it is there: readers see all of it or the old one. */
    public static void replace(Path file, byte[] content) throws IOException {
        Path temporary = temporary(file, content);
        try {
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temporary);
        }
        try (FileChannel directory = FileChannel.open(directoryOf(file), StandardOpenOption.READ)) {
            directory.force(true);
        }
    }

    /** A new file beside {@code file} with {@code content} on the disk. */
    private static Path temporary(Path file, byte[] content) throws IOException {
        Path temporary = Files.createTempFile(
                directoryOf(file),
                file.getFileName().toString(),
                ".new",
                PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        boolean written = false;
        try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(content);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
            written = true;
        } finally {
            if (!written) {
                Files.deleteIfExists(temporary);
            }
        }
        return temporary;
    }

    private static Path directoryOf(Path file) {
        Path directory = file.toAbsolutePath().getParent();
        return directory == null ? file.toAbsolutePath() : directory;
    }
}
