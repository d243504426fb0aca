// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.vnc;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** The layouts of {@code layouts.txt}, whose head tells its form. Read when the first one is asked for. */
final class KeyboardLayouts {

    /** The part of a Windows layout's number that tells the language and country; above it are variants. */
    private static final int LANGUAGE = 0xffff;
    /** The part of that which tells the language alone, and what makes it the language's most common country. */
    private static final int PRIMARY_LANGUAGE = 0x3ff;

    private static final int DEFAULT_SUBLANGUAGE = 0x400;

    private static final Reader ALL = read();

    private KeyboardLayouts() {}

    private static Reader read() {
        Reader reader = new Reader();
        try (BufferedReader in = new BufferedReader(new InputStreamReader(
                KeyboardLayouts.class.getResourceAsStream("layouts.txt"), StandardCharsets.US_ASCII))) {
            in.lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split(" "))
                    .forEach(reader::line);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        reader.finish();
        return reader;
    }

    static KeyboardLayout us() {
        return ALL.us;
    }

    /** The layout of a QEMU keymap, such as {@code de-ch}; empty for one that is not known. */
    static Optional<KeyboardLayout> ofKeymap(String keymap) {
        return Optional.ofNullable(ALL.byKeymap.get(keymap));
    }

    /** A number by which Windows knows the layout of a QEMU keymap, or of this name; empty for one that is not known. */
    static OptionalInt windowsNumber(String name) {
        Integer number = ALL.windowsByName.get(name);
        return number == null ? OptionalInt.empty() : OptionalInt.of(number);
    }

    /**
     * The layout that Windows knows by this number ("keyboard layout" or "active input locale identifier"). For a variant that
     * is not known the language's layout, and the US layout where that is not known either.
     */
    static KeyboardLayout ofWindows(int number) {
        Map<Integer, KeyboardLayout> known = ALL.byWindowsNumber;
        int country = number & LANGUAGE;
        int language = number & PRIMARY_LANGUAGE | DEFAULT_SUBLANGUAGE;
        return known.getOrDefault(number, known.getOrDefault(country, known.getOrDefault(language, ALL.us)));
    }

    /** Takes the file line by line. */
    private static final class Reader {
        private static final int KEYS = 256;

        private final Map<String, KeyboardLayout> byKeymap = new HashMap<>();
        private final Map<Integer, KeyboardLayout> byWindowsNumber = new HashMap<>();
        private final Map<String, Integer> windowsByName = new HashMap<>();
        private KeyboardLayout us;

        // Of the layout being read.
        private String name;
        private String[] keymaps = {};
        private String[] windowsNumbers = {};
        private int[][] keysyms = new int[KEYS][];

        void line(String[] words) {
            String[] values = Arrays.copyOfRange(words, 1, words.length);
            switch (words[0]) {
                case "layout" -> {
                    finish();
                    name = values[0];
                }
                case "qemu" -> keymaps = values;
                case "windows" -> windowsNumbers = values;
                default ->
                    keysyms[hex(words[0])] =
                            Arrays.stream(values).mapToInt(Reader::hex).toArray();
            }
        }

        void finish() {
            if (name == null) {
                return;
            }
            KeyboardLayout layout = new KeyboardLayout(name, keysyms);
            us = us == null ? layout : us;
            for (String keymap : keymaps) {
                byKeymap.put(keymap, layout);
            }
            if (windowsNumbers.length > 0) {
                windowsByName.put(name, hex(windowsNumbers[0]));
                for (String keymap : keymaps) {
                    windowsByName.put(keymap, hex(windowsNumbers[0]));
                }
            }
            for (String number : windowsNumbers) {
                byWindowsNumber.put(hex(number), layout);
            }
            keymaps = new String[0];
            windowsNumbers = new String[0];
            keysyms = us.keysyms();
        }

        private static int hex(String digits) {
            return Integer.parseUnsignedInt(digits, 16);
        }
    }
}
