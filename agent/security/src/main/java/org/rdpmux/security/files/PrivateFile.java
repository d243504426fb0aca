// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.security.files;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
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

        /** @throws IOException also if there is no file */
        public static Stamp of(Path path) throws IOException {
            try {
                BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
                return new Stamp(attributes.lastModifiedTime(), attributes.size(), attributes.fileKey());
            } catch (NoSuchFileException e) {
                throw new IOException(path + " does not exist", e);
            }
        }
    }

    /**
     * Refuses a file whose mode has more than {@code allowed}.
     *
     * @throws IOException a sentence that says how to mend it
     */
    public static void requireMode(Path file, Set<PosixFilePermission> allowed) throws IOException {
        Set<PosixFilePermission> excess = EnumSet.noneOf(PosixFilePermission.class);
        try {
            excess.addAll(Files.getPosixFilePermissions(file));
        } catch (NoSuchFileException e) {
            throw new IOException(file + " does not exist", e);
        }
        String found = PosixFilePermissions.toString(excess);
        excess.removeAll(allowed);
        if (!excess.isEmpty()) {
            throw new IOException(file + " holds secrets but others may access it (" + found + "); make it "
                    + PosixFilePermissions.toString(allowed));
        }
    }

    /** The whole file, the caller's to wipe; refused if it has more than {@code max} bytes. */
    public static byte[] read(Path file, int max) throws IOException {
        byte[] content;
        try (InputStream in = Files.newInputStream(file)) {
            content = in.readNBytes(max + 1);
        } catch (NoSuchFileException e) {
            throw new IOException(file + " does not exist", e);
        } catch (AccessDeniedException e) {
            throw new IOException(file + " may not be read by this user", e);
        }
        if (content.length > max) {
            throw new IOException(file + " is larger than " + max + " bytes");
        }
        return content;
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
