// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.security.access;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What stands in the users file: one user a line, {@code name:NT hash:options}, where options are none or several of
 * {@code disabled} and {@code view-only}, separated by commas; empty lines and lines that begin with # are skipped.
 * Immutable; the order is kept.
 */
public final class UsersFile {

    /** Users and their lines stay far below; a larger file is something else. */
    public static final int MAX_SIZE = 4 << 20;

    public static final int MAX_USERS = 10_000;

    private static final String HEADER =
            "# Users who may log in, written by rdpmuxctl. One a line: name:NT hash:options\n";
    private static final String DISABLED = "disabled";
    private static final String VIEW_ONLY = "view-only";

    private final Map<String, UserEntry> users;

    private UsersFile(Map<String, UserEntry> users) {
        this.users = users;
    }

    public static UsersFile empty() {
        return new UsersFile(Map.of());
    }

    /**
     * Reads the file's content.
     *
     * @throws IOException naming line and field; secrets are not quoted
     */
    public static UsersFile parse(byte[] content) throws IOException {
        if (content.length > MAX_SIZE) {
            throw new IOException("more than " + MAX_SIZE + " bytes");
        }
        CharBuffer text;
        try {
            text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content));
        } catch (CharacterCodingException e) {
            throw new IOException("not in UTF-8", e);
        }
        try {
            return parse(text);
        } finally {
            Arrays.fill(text.array(), '\0');
        }
    }

    private static UsersFile parse(CharBuffer text) throws IOException {
        Map<String, UserEntry> users = new LinkedHashMap<>();
        int number = 0;
        for (int start = 0; start < text.length(); ) {
            number++;
            int end = start;
            while (end < text.length() && text.charAt(end) != '\n') {
                end++;
            }
            CharBuffer line = text.subSequence(start, end);
            start = end + 1;
            if (isBlank(line) || line.charAt(0) == '#') {
                continue;
            }
            try {
                UserEntry entry = entry(line);
                if (users.putIfAbsent(UserName.fold(entry.name()), entry) != null) {
                    throw new IllegalArgumentException("the user was there before");
                }
            } catch (IllegalArgumentException e) {
                throw new IOException("line " + number + ": " + e.getMessage(), e);
            }
            if (users.size() > MAX_USERS) {
                throw new IOException("line " + number + ": more than " + MAX_USERS + " users");
            }
        }
        return new UsersFile(users);
    }

    private static boolean isBlank(CharSequence line) {
        return line.chars().allMatch(Character::isWhitespace);
    }

    private static UserEntry entry(CharBuffer line) {
        int first = indexOf(line, 0);
        int second = indexOf(line, first + 1);
        if (first < 0 || second < 0 || indexOf(line, second + 1) >= 0) {
            throw new IllegalArgumentException("expected name:NT hash:options");
        }
        NtHash hash = NtHash.parse(line.subSequence(first + 1, second));
        boolean disabled = false;
        boolean viewOnly = false;
        String options = line.subSequence(second + 1, line.length()).toString().strip();
        for (String option : options.isEmpty() ? new String[0] : options.split(",", -1)) {
            switch (option) {
                case DISABLED -> disabled = true;
                case VIEW_ONLY -> viewOnly = true;
                default ->
                    // Not quoted: in a damaged line it may be a hash.
                    throw new IllegalArgumentException("an option is unknown; there are disabled and view-only");
            }
        }
        return new UserEntry(line.subSequence(0, first).toString(), hash, disabled, viewOnly);
    }

    private static int indexOf(CharSequence line, int from) {
        for (int i = from; i < line.length(); i++) {
            if (line.charAt(i) == ':') {
                return i;
            }
        }
        return -1;
    }

    /** The file's content; the caller wipes it. */
    public byte[] format() {
        Wiping out = new Wiping();
        out.writeBytes(HEADER.getBytes(StandardCharsets.UTF_8));
        for (UserEntry user : users.values()) {
            out.writeBytes((user.name() + ":").getBytes(StandardCharsets.UTF_8));
            byte[] hex = user.hash().hex();
            out.writeBytes(hex);
            Arrays.fill(hex, (byte) 0);
            String separator = user.disabled() && user.viewOnly() ? "," : "";
            String options = (user.disabled() ? DISABLED : "") + separator + (user.viewOnly() ? VIEW_ONLY : "");
            out.writeBytes((":" + options + "\n").getBytes(StandardCharsets.UTF_8));
        }
        byte[] content = out.toByteArray();
        out.wipe();
        return content;
    }

    /** A buffer that can be wiped. */
    private static final class Wiping extends ByteArrayOutputStream {
        void wipe() {
            Arrays.fill(buf, (byte) 0);
        }
    }

    /** The users in the file's order. */
    public List<UserEntry> users() {
        return List.copyOf(users.values());
    }

    /** The user of that name, in whatever case. */
    public Optional<UserEntry> user(String name) {
        return Optional.ofNullable(users.get(UserName.fold(name)));
    }

    /**
     * With {@code entry} added, or in place of the one of that name.
     *
     * @throws IllegalArgumentException if there are too many
     */
    public UsersFile with(UserEntry entry) {
        Map<String, UserEntry> changed = new LinkedHashMap<>(users);
        changed.put(UserName.fold(entry.name()), entry);
        if (changed.size() > MAX_USERS) {
            throw new IllegalArgumentException("there are " + MAX_USERS + " users already");
        }
        return new UsersFile(changed);
    }

    /** Without the user of that name, who need not exist. */
    public UsersFile without(String name) {
        Map<String, UserEntry> changed = new LinkedHashMap<>(users);
        changed.remove(UserName.fold(name));
        return new UsersFile(changed);
    }
}
