// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.security.access;

import java.util.Objects;

/**
 * One user of the users file.
 *
 * @param name 1 to 256 characters without colons, control characters and surrounding blanks; not beginning with #; kept in
 *     Unicode's composed form (NFC)
 * @param hash of the password
 * @param disabled kept, but not let in
 * @param viewOnly only looks on, whatever the rules say
 */
public record UserEntry(String name, NtHash hash, boolean disabled, boolean viewOnly) {

    /** As Windows has it. */
    public static final int MAX_NAME = 256;

    private static final char REPLACEMENT = '\uFFFD';

    public UserEntry {
        name = UserName.composed(name);
        checkName(name);
        Objects.requireNonNull(hash);
    }

    /** @throws IllegalArgumentException with a sentence, if it is no name for a user */
    public static void checkName(String name) {
        if (name.isEmpty() || name.length() > MAX_NAME) {
            throw new IllegalArgumentException("a user's name has 1 to " + MAX_NAME + " characters");
        }
        if (!name.strip().equals(name) || name.startsWith("#")) {
            throw new IllegalArgumentException("a user's name neither begins with # nor has blanks around it");
        }
        if (name.indexOf(':') >= 0 || name.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("a user's name has no colons and no control characters");
        }
        if (name.indexOf(REPLACEMENT) >= 0) {
            throw new IllegalArgumentException("a user's name has no U+FFFD, which stands for a letter that was lost"
                    + " because the shell's locale cannot carry it");
        }
    }
}
