// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.security.access;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;

/**
 * How names are compared: without regard to case, letter by letter, as Windows does, and in Unicode's composed form (NFC),
 * whichever form a keyboard, a shell or a file has.
 */
final class UserName {

    private UserName() {}

    static String composed(String name) {
        return Normalizer.normalize(name, Normalizer.Form.NFC);
    }

    /** The form in which two spellings of one name are equal. */
    static String fold(String name) {
        char[] characters = composed(name).toCharArray();
        for (int i = 0; i < characters.length; i++) {
            characters[i] = Character.toLowerCase(Character.toUpperCase(characters[i]));
        }
        return new String(characters);
    }

    /**
     * The names under which a store without domains may know the user of {@code claim}, best first, folded: as sent, then
     * without {@code DOMAIN\} before or {@code @realm} after it.
     */
    static List<String> spellings(Claim claim) {
        List<String> names = new ArrayList<>();
        names.add(fold(claim.user()));
        String bare = bare(claim);
        if (!bare.equals(names.get(0))) {
            names.add(bare);
        }
        return names;
    }

    /** The user's name alone, folded: what a guesser cannot vary. */
    static String bare(Claim claim) {
        String name = fold(claim.user());
        name = name.substring(name.lastIndexOf('\\') + 1);
        int at = name.indexOf('@');
        return at > 0 ? name.substring(0, at) : name;
    }
}
