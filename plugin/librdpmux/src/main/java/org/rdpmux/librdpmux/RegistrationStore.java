// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.librdpmux;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Registrations on disk: a file each, replaced as a whole, so that whatever moment the service is killed at leaves the old
 * or the new one. Confined to one thread.
 */
final class RegistrationStore {

    private static final Logger LOG = LoggerFactory.getLogger(RegistrationStore.class);

    private static final String SUFFIX = ".guest";
    private static final String TEMPORARY = ".tmp";

    private final Path directory;
    private final String bootId;

    /** @throws IOException if the directory is not there and cannot be made */
    RegistrationStore(Path directory, String bootId) throws IOException {
        this.directory = directory;
        this.bootId = bootId;
        Files.createDirectories(directory);
    }

    /** Keeps this record in place of the one with its key; it is on disk when this returns. */
    void save(GuestRecord record) throws IOException {
        Path file = file(record);
        Path temporary = directory.resolve(record.claim().key() + TEMPORARY);
        ByteBuffer text = StandardCharsets.UTF_8.encode(record.format(bootId));
        if (text.remaining() > GuestRecord.MAX_TEXT) {
            throw new IOException("record of " + text.remaining() + " bytes");
        }
        Files.deleteIfExists(temporary);
        try (FileChannel out = FileChannel.open(
                temporary,
                java.util.Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            while (text.hasRemaining()) {
                out.write(text);
            }
            out.force(true);
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            Files.deleteIfExists(temporary);
            throw e;
        }
        syncDirectory();
    }

    void delete(GuestRecord record) {
        try {
            Files.deleteIfExists(file(record));
        } catch (IOException e) {
            LOG.warn("The record {} of a guest that is gone cannot be deleted: {}", file(record), e.toString());
        }
    }

    /** All records of this boot, at most {@code limit}; files that are none are deleted. */
    List<GuestRecord> load(int limit) throws IOException {
        List<GuestRecord> records = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*{" + SUFFIX + "," + TEMPORARY + "}")) {
            for (Path file : files) {
                try {
                    GuestRecord record = read(file);
                    if (records.size() == limit) {
                        throw new IllegalArgumentException("there are more than " + limit);
                    }
                    records.add(record);
                } catch (IOException | IllegalArgumentException e) {
                    LOG.info("The record {} is dropped: {}", file, e.getMessage());
                    Files.deleteIfExists(file);
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return records;
    }

    private GuestRecord read(Path file) throws IOException {
        String name = file.getFileName().toString();
        if (name.endsWith(TEMPORARY)) {
            throw new IllegalArgumentException("it was never finished");
        }
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) || Files.size(file) > GuestRecord.MAX_TEXT) {
            throw new IllegalArgumentException("it is not a short regular file");
        }
        GuestRecord record = GuestRecord.parse(Files.readString(file), bootId);
        if (!name.equals(file(record).getFileName().toString())) {
            throw new IllegalArgumentException("its name does not fit its content");
        }
        return record;
    }

    private Path file(GuestRecord record) {
        return directory.resolve(record.claim().key() + SUFFIX);
    }

    private void syncDirectory() throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
