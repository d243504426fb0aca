// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.vnc;

import java.text.Normalizer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the keys of a keyboard layout have printed on them, as X11 keysyms, at up to four levels: plain, {@link #SHIFT},
 * {@link #ALT_GR} and both. Immutable.
 */
final class KeyboardLayout {

    /** The levels' bits. */
    static final int SHIFT = 1;

    static final int ALT_GR = 2;
    static final int LEVELS = 4;

    private static final int SPACE = 0x39;
    private static final int KEYPAD_SEPARATOR = 0x53;
    private static final int RIGHT_ALT = 0xb8;

    /**
     * The keys that characters are looked for on, by {@link org.rdpmux.display.Scancode#qemuNumber}; the last ones are not on
     * all keyboards. What the keypad has is on other keys, too.
     */
    private static final int[][] SEARCHED = {{0x02, 0x0d}, {0x10, 0x1b}, {0x1e, 0x29}, {0x2b, 0x35}, {SPACE, SPACE}};

    private static final int[][] SEARCHED_LAST = {{0x56, 0x56}, {0x73, 0x73}, {0x7d, 0x7d}};

    /** Dead keys: keysym, the combining character it stands for, and the character that it makes together with space. */
    private static final int[][] DEAD_KEYS = {
        {0xfe50, 0x300, '`'},
        {0xfe51, 0x301, 0xb4},
        {0xfe52, 0x302, '^'},
        {0xfe53, 0x303, '~'},
        {0xfe54, 0x304, 0xaf},
        {0xfe55, 0x306, 0x2d8},
        {0xfe56, 0x307, 0x2d9},
        {0xfe57, 0x308, 0xa8},
        {0xfe58, 0x30a, 0xb0},
        {0xfe59, 0x30b, 0x2dd},
        {0xfe5a, 0x30c, 0x2c7},
        {0xfe5b, 0x327, 0xb8},
        {0xfe5c, 0x328, 0x2db},
        {0xfe60, 0x323, -1},
        {0xfe61, 0x309, -1},
        {0xfe62, 0x31b, -1},
    };

    /**
     * One key to press.
     *
     * @param number as {@link org.rdpmux.display.Scancode#qemuNumber}
     * @param level what to hold meanwhile
     */
    record Stroke(int number, int level) {}

    private final String name;
    private final int[][] keysyms;
    /** By code point. */
    private final Map<Integer, Stroke> characters = new HashMap<>();
    /** By the combining character that a dead key stands for. */
    private final Map<Integer, Stroke> deadKeys = new HashMap<>();

    /** @param keysyms by the key's number, then by level; null for a key that is the same in all layouts. Owned from now on */
    KeyboardLayout(String name, int[][] keysyms) {
        this.name = name;
        this.keysyms = keysyms;
        for (int[][] ranges : new int[][][] {SEARCHED, SEARCHED_LAST}) {
            for (int level = 0; level < LEVELS; level++) {
                for (int[] range : ranges) {
                    for (int number = range[0]; number <= range[1]; number++) {
                        note(number, level);
                    }
                }
            }
        }
    }

    private void note(int number, int level) {
        int[] levels = keysyms[number];
        int keysym = levels == null || level >= levels.length ? Keysyms.NONE : levels[level];
        int character = Keysyms.toCharacter(keysym);
        if (character >= 0) {
            characters.putIfAbsent(character, new Stroke(number, level));
        }
        for (int[] dead : DEAD_KEYS) {
            if (keysym == dead[0]) {
                deadKeys.putIfAbsent(dead[1], new Stroke(number, level));
            }
        }
    }

    /** A copy of the table, to make another layout of. */
    int[][] keysyms() {
        return keysyms.clone();
    }

    /** Whether the key's symbols depend on the layout. */
    boolean has(int number) {
        return keysyms[number] != null;
    }

    /** The key's keysym at a level, {@link Keysyms#NONE} if it has none. AltGr changes nothing where there is none for it. */
    int keysym(int number, int level) {
        int[] levels = keysyms[number];
        if (levels.length == 1) {
            return levels[0];
        }
        if (level < levels.length && levels[level] != Keysyms.NONE) {
            return levels[level];
        }
        int without = level & SHIFT;
        return without < levels.length ? levels[without] : Keysyms.NONE;
    }

    /** What the keypad's separator types with Num Lock. */
    int keypadSeparator() {
        return keysym(KEYPAD_SEPARATOR, 0);
    }

    /** Whether the right Alt key is AltGr. */
    boolean hasAltGr() {
        return keysym(RIGHT_ALT, 0) == Keysyms.ISO_LEVEL3_SHIFT;
    }

    /** Whether Caps Lock is the same as Shift for this key, at levels that differ in Shift alone: it has a letter. */
    boolean isLetter(int number, int level) {
        int small = Keysyms.toCharacter(keysym(number, level & ~SHIFT));
        int large = Keysyms.toCharacter(keysym(number, level | SHIFT));
        return small >= 0 && small != large && Character.toUpperCase(small) == large;
    }

    /** The keys to press one after the other for a character; none if the layout does not have it. */
    List<Stroke> strokes(int codePoint) {
        Stroke single = characters.get(codePoint);
        if (single != null) {
            return List.of(single);
        }
        for (int[] dead : DEAD_KEYS) {
            if (dead[2] == codePoint && deadKeys.containsKey(dead[1])) {
                return List.of(deadKeys.get(dead[1]), new Stroke(SPACE, 0));
            }
        }
        int[] parts = Normalizer.normalize(Character.toString(codePoint), Normalizer.Form.NFD)
                .codePoints()
                .toArray();
        if (parts.length == 2 && deadKeys.containsKey(parts[1]) && characters.containsKey(parts[0])) {
            return List.of(deadKeys.get(parts[1]), characters.get(parts[0]));
        }
        return List.of();
    }

    @Override
    public String toString() {
        return name;
    }
}
