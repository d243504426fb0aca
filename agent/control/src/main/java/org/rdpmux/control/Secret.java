// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.control;

import java.util.Arrays;

/**
 * A password in a request or a reply. It shows itself nowhere but on the wire: {@link #toString} of whatever holds it may be
 * logged. The array can be overwritten; the lines of text it travels in cannot, and last until they are collected.
 */
public final class Secret {

    /** None. */
    public static final Secret NONE = new Secret(new char[0]);

    private final char[] characters;

    private Secret(char[] characters) {
        this.characters = characters;
    }

    /** @param characters become this object's */
    public static Secret of(char[] characters) {
        return new Secret(characters);
    }

    /** The array itself. */
    public char[] characters() {
        return characters;
    }

    public boolean isEmpty() {
        return characters.length == 0;
    }

    public void wipe() {
        Arrays.fill(characters, '\0');
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Secret secret && Arrays.equals(characters, secret.characters);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(characters);
    }

    @Override
    public String toString() {
        return "(secret)";
    }
}
