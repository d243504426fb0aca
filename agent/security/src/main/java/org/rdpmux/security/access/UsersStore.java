// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.security.access;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.rdpmux.security.files.PrivateFile;

/**
 * The users of a users file, the same for all consoles. {@link #find} answers from memory; {@link #reloadIfChanged} and
 * {@link #edit} touch the disk. A file that cannot be read any more leaves the users as they were.
 */
public final class UsersStore implements CredentialStore {

    private final Path file;
    private final Credential decoy = new DecoyCredential(Credential.Source.USERS_FILE, new SecureRandom());
    private volatile Loaded loaded;

    /** The stamp is null while there is no file. */
    private record Loaded(UsersFile users, PrivateFile.Stamp stamp) {}

    /**
     * Reads {@code file}; a file that is not there has no users.
     *
     * @throws IOException a sentence that names file, line and field; also if others than the owner may access the file
     */
    public UsersStore(Path file) throws IOException {
        this.file = file;
        loaded = load();
    }

    /** Who is in the file. */
    public UsersFile users() {
        return loaded.users;
    }

    @Override
    public List<Credential> find(Claim claim, LoginRequest request, Moment now) {
        for (String name : UserName.spellings(claim)) {
            Optional<UserEntry> user = loaded.users.user(name);
            if (user.isPresent()) {
                return List.of(new UserCredential(user.get()));
            }
        }
        return List.of(decoy);
    }

    /**
     * Reads the file again if it was replaced, rewritten, made or removed since.
     *
     * @return whether it was
     * @throws IOException if it is unusable; the users stay, and the next call tries again
     */
    public synchronized boolean reloadIfChanged() throws IOException {
        PrivateFile.Stamp stamp = Files.exists(file) ? PrivateFile.Stamp.of(file) : null;
        if (stamp == null ? loaded.stamp == null : stamp.equals(loaded.stamp)) {
            return false;
        }
        loaded = load();
        return true;
    }

    /**
     * Changes the file: what stands in it now is read, changed and written back whole, while other processes wait.
     *
     * @param change may throw IllegalArgumentException, which is passed on and leaves the file as it is
     */
    public synchronized void edit(UnaryOperator<UsersFile> change) throws IOException {
        Path lockFile = file.resolveSibling(file.getFileName() + ".lock");
        Set<StandardOpenOption> options = Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try (FileChannel channel = FileChannel.open(
                        lockFile, options, PosixFilePermissions.asFileAttribute(PrivateFile.OWNER_ONLY));
                FileLock lock = channel.lock()) {
            UsersFile changed = change.apply(load().users);
            byte[] content = changed.format();
            try {
                PrivateFile.replace(file, content);
            } finally {
                Arrays.fill(content, (byte) 0);
            }
            loaded = new Loaded(changed, PrivateFile.Stamp.of(file));
            assert lock.isValid();
        }
    }

    private Loaded load() throws IOException {
        PrivateFile.Content content;
        try {
            content = PrivateFile.read(file, UsersFile.MAX_SIZE, PrivateFile.OWNER_ONLY);
        } catch (NoSuchFileException e) {
            return new Loaded(UsersFile.empty(), null);
        }
        try (content) {
            return new Loaded(UsersFile.parse(content.bytes()), content.stamp());
        } catch (IOException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    private record UserCredential(UserEntry user) implements Credential {
        @Override
        public NtHash ntHash() {
            return user.hash();
        }

        @Override
        public String account() {
            return user.name();
        }

        @Override
        public Source source() {
            return Source.USERS_FILE;
        }

        @Override
        public boolean viewOnly() {
            return user.viewOnly();
        }

        @Override
        public Optional<Denial> denial(Moment now) {
            if (user.disabled()) {
                return Optional.of(Denial.DISABLED);
            }
            return user.hash().isOfEmptyPassword() ? Optional.of(Denial.EMPTY_PASSWORD) : Optional.empty();
        }
    }
}
