// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.vnc;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * X11 keysyms of the PC keyboard's keys that are the same in all layouts, and of characters. The numbers are those of X11's
 * keysymdef.h and XF86keysym.h.
 */
final class Keysyms {

    /** The key has none. */
    static final int NONE = 0;

    static final int BACK_SPACE = 0xff08;
    static final int TAB = 0xff09;
    static final int RETURN = 0xff0d;
    static final int ESCAPE = 0xff1b;
    static final int BREAK = 0xff6b;
    static final int SYS_REQ = 0xff15;
    static final int CONTROL_L = 0xffe3;
    /** AltGr. */
    static final int ISO_LEVEL3_SHIFT = 0xfe03;

    private static final int F1 = 0xffbe;
    /** What is added to a character to make a keysym, unless it is of Latin-1. */
    private static final int UNICODE = 0x01000000;

    private static final int KP_0 = 0xffb0;
    /** What the keys of the keypad are with Num Lock: the digit, or -1 for one that is no digit. */
    private static final int[] KEYPAD_DIGITS = {7, 8, 9, -1, 4, 5, 6, -1, 1, 2, 3, 0};

    private static final int KEYPAD = 0x47;

    private static final int[] KEYS = new int[256];

    /** Keysyms that are older than those made of code points, by character. */
    private static final Map<Integer, Integer> OLD = new HashMap<>();

    private static final Map<Integer, Integer> OLD_CHARACTERS = new HashMap<>();

    static {
        keys(0x01, ESCAPE);
        keys(0x0e, BACK_SPACE, TAB);
        keys(0x1c, RETURN, CONTROL_L);
        keys(0x2a, 0xffe1); // Shift_L
        keys(0x36, 0xffe2, 0xffaa, 0xffe9); // Shift_R, KP_Multiply, Alt_L
        keys(0x3b, F1, F1 + 1, F1 + 2, F1 + 3, F1 + 4, F1 + 5, F1 + 6, F1 + 7, F1 + 8, F1 + 9);
        keys(0x45, 0xff7f, 0xff14); // Num_Lock, Scroll_Lock
        keys(0x47, 0xff95, 0xff97, 0xff9a, 0xffad); // KP_Home, KP_Up, KP_Page_Up, KP_Subtract
        keys(0x4b, 0xff96, 0xff9d, 0xff98, 0xffab); // KP_Left, KP_Begin, KP_Right, KP_Add
        keys(0x4f, 0xff9c, 0xff99, 0xff9b, 0xff9e, 0xff9f); // KP_End, KP_Down, KP_Page_Down, KP_Insert, KP_Delete
        keys(0x54, SYS_REQ);
        keys(0x57, F1 + 10, F1 + 11);
        keys(0x59, 0xffbd); // KP_Equal
        keys(0x64, F1 + 12, F1 + 13, F1 + 14, F1 + 15, F1 + 16, F1 + 17, F1 + 18, F1 + 19, F1 + 20, F1 + 21, F1 + 22);
        keys(0x76, F1 + 23);
        extendedKeys();
        readOld();
    }

    private Keysyms() {}

    private static void extendedKeys() {
        keys(0x90, 0x1008ff16); // AudioPrev
        keys(0x99, 0x1008ff17); // AudioNext
        keys(0x9c, 0xff8d, 0xffe4); // KP_Enter, Control_R
        keys(0xa0, 0x1008ff12, 0x1008ff1d, 0x1008ff14); // AudioMute, Calculator, AudioPlay
        keys(0xa4, 0x1008ff15); // AudioStop
        keys(0xae, 0x1008ff11); // AudioLowerVolume
        keys(0xb0, 0x1008ff13); // AudioRaiseVolume
        keys(0xb2, 0x1008ff18); // HomePage
        keys(0xb5, 0xffaf); // KP_Divide
        keys(0xb7, 0xff61); // Print
        keys(0xc6, 0xff13, 0xff50, 0xff52, 0xff55); // Pause, Home, Up, Page_Up
        keys(0xcb, 0xff51); // Left
        keys(0xcd, 0xff53); // Right
        keys(0xcf, 0xff57, 0xff54, 0xff56, 0xff63, 0xffff); // End, Down, Page_Down, Insert, Delete
        keys(0xdb, 0xffeb, 0xffec, 0xff67, 0x1008ff2a, 0x1008ff2f); // Super_L, Super_R, Menu, PowerOff, Sleep
        keys(0xe3, 0x1008ff2b); // WakeUp
        keys(0xe5, 0x1008ff1b, 0x1008ff30, 0x1008ff29, 0x1008ff28); // Search, Favorites, Refresh, Stop
        keys(
                0xe9,
                0x1008ff27,
                0x1008ff26,
                0x1008ff33,
                0x1008ff19,
                0x1008ff32); // Forward, Back, MyComputer, Mail, AudioMedia
    }

    private static void readOld() {
        try (BufferedReader in = new BufferedReader(
                new InputStreamReader(Keysyms.class.getResourceAsStream("keysyms.txt"), StandardCharsets.US_ASCII))) {
            in.lines().filter(line -> !line.startsWith("#")).forEach(line -> {
                int blank = line.indexOf(' ');
                int keysym = Integer.parseInt(line.substring(0, blank), 16);
                int character = Integer.parseInt(line.substring(blank + 1), 16);
                OLD.put(character, keysym);
                OLD_CHARACTERS.put(keysym, character);
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void keys(int first, int... keysyms) {
        System.arraycopy(keysyms, 0, KEYS, first, keysyms.length);
    }

    /** The keysym of a key that does not depend on the layout, {@link #NONE} if it has none. */
    static int of(int number) {
        return KEYS[number];
    }

    /** The keysym of the keypad's key with Num Lock, {@link #NONE} if it is none that Num Lock makes a digit of. */
    static int ofKeypadDigit(int number) {
        int index = number - KEYPAD;
        boolean digit = index >= 0 && index < KEYPAD_DIGITS.length && KEYPAD_DIGITS[index] >= 0;
        return digit ? KP_0 + KEYPAD_DIGITS[index] : NONE;
    }

    /** The keysym of a character; {@link #NONE} for control characters. */
    static int ofCharacter(int codePoint) {
        if (codePoint < 0x20 || codePoint >= 0x7f && codePoint < 0xa0) {
            return NONE;
        }
        return codePoint <= 0xff ? codePoint : OLD.getOrDefault(codePoint, UNICODE | codePoint);
    }

    /** The character of a keysym, -1 if it has none. */
    static int toCharacter(int keysym) {
        if ((keysym & 0xff000000) == UNICODE) {
            return keysym & 0xffffff;
        }
        boolean latin1 = keysym >= 0x20 && keysym < 0x7f || keysym >= 0xa0 && keysym <= 0xff;
        return latin1 ? keysym : OLD_CHARACTERS.getOrDefault(keysym, -1);
    }

    /** The key that a control character stands for, by {@link org.rdpmux.display.Scancode#qemuNumber}; 0 if there is none. */
    static int keyOfControl(int codePoint) {
        return switch (codePoint) {
            case '\b' -> 0x0e;
            case '\t' -> 0x0f;
            case '\n', '\r' -> 0x1c;
            case 0x1b -> 0x01;
            default -> 0;
        };
    }
}
