// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.security.access;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.rdpmux.security.files.PrivateFile;

/**
 * A SAM file as WinPR reads it, {@code user:domain:LM hash:NT hash:::} a line, usually one for one guest. As WinPR does, the
 * user is looked for with the domain the client sent and then without one, in exactly the spelling of the file; the first
 * line of several counts; lines without an NT hash let nobody in, and LM hashes are not used. Other than WinPR a malformed
 * line makes the whole file unusable instead of hiding what follows. Immutable.
 */
public final class SamFile implements CredentialStore {

    /** WinPR's files have a handful of lines. */
    public static final int MAX_SIZE = 1 << 20;

    public static final int MAX_ENTRIES = 10_000;

    private static final int HASH_DIGITS = 2 * NtHash.SIZE;

    private static final SecureRandom RANDOM = new SecureRandom();

    private final Map<Key, Credential> entries;
    private final Credential decoy = new DecoyCredential(Credential.Source.SAM_FILE, RANDOM);

    private record Key(String user, String domain) {}

    private SamFile(Map<Key, Credential> entries) {
        this.entries = entries;
    }

    /**
     * Reads {@code file}. Its mode may let a group read, since another program writes it.
     *
     * @throws IOException a sentence that names file and line and quotes no hash
     */
    public static SamFile read(Path file) throws IOException {
        return readStamped(file).users();
    }

    /** As {@link #read}, with the stamp of what was read. */
    public static Stamped readStamped(Path file) throws IOException {
        try (PrivateFile.Content content = PrivateFile.read(file, MAX_SIZE, PrivateFile.GROUP_READS)) {
            return new Stamped(parse(content.bytes()), content.stamp());
        } catch (MalformedException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    /** Users as they stood in a file when it had that stamp. */
    public record Stamped(SamFile users, PrivateFile.Stamp stamp) {}

    /** Names the line. */
    private static final class MalformedException extends IOException {
        private static final long serialVersionUID = 1;

        MalformedException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** Reads a file's content; it is the caller's to wipe. */
    public static SamFile parse(byte[] content) throws IOException {
        Map<Key, Credential> entries = new HashMap<>();
        int number = 0;
        for (int start = 0; start < content.length; ) {
            number++;
            int end = start;
            while (end < content.length && content[end] != '\n') {
                end++;
            }
            byte[] line = Arrays.copyOfRange(content, start, end);
            start = end + 1;
            try {
                add(entries, line);
            } catch (IllegalArgumentException e) {
                throw new MalformedException("line " + number + ": " + e.getMessage(), e);
            } finally {
                Arrays.fill(line, (byte) 0);
            }
        }
        return new SamFile(entries);
    }

    private static void add(Map<Key, Credential> entries, byte[] line) {
        int length = line.length > 0 && line[line.length - 1] == '\r' ? line.length - 1 : line.length;
        // WinPR skips lines of one character and comments.
        if (length <= 1 || line[0] == '#') {
            return;
        }
        int[] colons = new int[4];
        int found = 0;
        for (int i = 0; i < length && found < colons.length; i++) {
            if (line[i] == ':') {
                colons[found++] = i;
            }
        }
        if (found < colons.length) {
            throw new IllegalArgumentException("expected user:domain:LM hash:NT hash:::");
        }
        int lmDigits = colons[2] - colons[1] - 1;
        int ntDigits = colons[3] - colons[2] - 1;
        if (lmDigits != 0 && lmDigits != HASH_DIGITS) {
            throw new IllegalArgumentException("the LM hash has " + lmDigits + " digits; expected 32 or none");
        }
        if (ntDigits != 0 && ntDigits != HASH_DIGITS) {
            throw new IllegalArgumentException("the NT hash has " + ntDigits + " digits; expected 32 or none");
        }
        String user = text(line, 0, colons[0]);
        if (user.isEmpty()) {
            throw new IllegalArgumentException("the user is empty");
        }
        if (entries.size() >= MAX_ENTRIES) {
            throw new IllegalArgumentException("more than " + MAX_ENTRIES + " users");
        }
        Key key = new Key(user, text(line, colons[0] + 1, colons[1]));
        Credential entry = ntDigits == 0
                ? new DecoyCredential(Credential.Source.SAM_FILE, RANDOM)
                : new Entry(user, NtHash.parseAscii(line, colons[2] + 1));
        entries.putIfAbsent(key, entry);
    }

    private static String text(byte[] line, int from, int to) {
        return new String(line, from, to - from, StandardCharsets.UTF_8);
    }

    @Override
    public List<Credential> find(Claim claim, LoginRequest request, Moment now) {
        Credential entry = entries.get(new Key(claim.user(), claim.domain()));
        if (entry == null) {
            entry = entries.get(new Key(claim.user(), ""));
        }
        return List.of(entry == null ? decoy : entry);
    }

    /** How many users there are. */
    public int size() {
        return entries.size();
    }

    private record Entry(String account, NtHash ntHash) implements Credential {
        @Override
        public Source source() {
            return Source.SAM_FILE;
        }

        @Override
        public boolean viewOnly() {
            return false;
        }

        @Override
        public Optional<Denial> denial(Moment now) {
            return ntHash.isOfEmptyPassword() ? Optional.of(Denial.EMPTY_PASSWORD) : Optional.empty();
        }
    }
}
