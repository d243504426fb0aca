// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.security.access;

/** Writes {@code key=value} lines that stay one line and one meaning, whatever a client put into a value. */
public final class Logfmt {

    /** Longer values are cut: a log is no place for a client to store things. */
    static final int MAX_VALUE = 256;

    private final StringBuilder line = new StringBuilder();

    /** Adds a pair; nothing if the value is empty. */
    Logfmt add(String key, String value) {
        if (!value.isEmpty()) {
            if (!line.isEmpty()) {
                line.append(' ');
            }
            line.append(key).append('=');
            if (value.length() <= MAX_VALUE && value.chars().allMatch(Logfmt::isPlain)) {
                line.append(value);
            } else {
                line.append('"').append(escape(value)).append('"');
            }
        }
        return this;
    }

    @Override
    public String toString() {
        return line.toString();
    }

    /** Without quotes, control, formatting and unpaired characters, at most {@link #MAX_VALUE} characters of the value. */
    static String escape(String value) {
        StringBuilder escaped = new StringBuilder();
        int end = value.offsetByCodePoints(0, Math.min(MAX_VALUE, value.codePointCount(0, value.length())));
        value.substring(0, end).codePoints().forEach(character -> append(escaped, character));
        return end < value.length() ? escaped.append("...").toString() : escaped.toString();
    }

    /** All of a text, with what could steer a terminal, turn the writing round or not be seen in escapes. */
    public static String shown(String text) {
        StringBuilder shown = new StringBuilder(text.length());
        text.codePoints().forEach(character -> appendShown(shown, character));
        return shown.toString();
    }

    private static void appendShown(StringBuilder out, int character) {
        if (isHarmless(character)) {
            out.appendCodePoint(character);
        } else {
            out.append(String.format(character > 0xFFFF ? "\\U%08x" : "\\u%04x", character));
        }
    }

    private static void append(StringBuilder out, int character) {
        switch (character) {
            case '"' -> out.append("\\\"");
            case '\\' -> out.append("\\\\");
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            case '\t' -> out.append("\\t");
            default -> appendShown(out, character);
        }
    }

    /** Letters of any script are shown; what moves the cursor, turns the writing round or cannot be seen is not. */
    private static boolean isHarmless(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }

    private static boolean isPlain(int character) {
        return character > ' ' && character < 0x7F && character != '"' && character != '=' && character != '\\';
    }
}
