// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.vnc;

import java.util.Arrays;
import org.rdpmux.display.Scancode;

/**
 * X11 keysyms of the PC keyboard's keys under the US layout: what servers want to know that do not take scan codes. The
 * numbers are those of X11's keysymdef.h and XF86keysym.h.
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
    private static final int F1 = 0xffbe;
    /** What is added to a character to make a keysym, unless it is of Latin-1. */
    private static final int UNICODE = 0x01000000;

    private static final int[] PLAIN = new int[256];
    /** With Shift; for keypad keys, with Num Lock. */
    private static final int[] SHIFTED = new int[256];

    static {
        row(0x02, "1234567890-=", "!@#$%^&*()_+");
        row(0x10, "qwertyuiop[]", "QWERTYUIOP{}");
        row(0x1e, "asdfghjkl;'`", "ASDFGHJKL:\"~");
        row(0x2b, "\\zxcvbnm,./", "|ZXCVBNM<>?");
        row(0x39, " ", " ");
        row(0x56, "<", ">"); // beside the left Shift of keyboards with 102 keys
        keys(0x01, ESCAPE);
        keys(0x0e, BACK_SPACE, TAB);
        keys(0x1c, RETURN, 0xffe3); // Control_L
        keys(0x2a, 0xffe1); // Shift_L
        keys(0x36, 0xffe2, 0xffaa, 0xffe9); // Shift_R, KP_Multiply, Alt_L
        keys(0x3a, 0xffe5); // Caps_Lock
        keys(0x3b, F1, F1 + 1, F1 + 2, F1 + 3, F1 + 4, F1 + 5, F1 + 6, F1 + 7, F1 + 8, F1 + 9);
        keys(0x45, 0xff7f, 0xff14); // Num_Lock, Scroll_Lock
        keys(0x47, 0xff95, 0xff97, 0xff9a, 0xffad); // KP_Home, KP_Up, KP_Page_Up, KP_Subtract
        keys(0x4b, 0xff96, 0xff9d, 0xff98, 0xffab); // KP_Left, KP_Begin, KP_Right, KP_Add
        keys(0x4f, 0xff9c, 0xff99, 0xff9b, 0xff9e, 0xff9f); // KP_End, KP_Down, KP_Page_Down, KP_Insert, KP_Delete
        System.arraycopy(new int[] {0xffb7, 0xffb8, 0xffb9}, 0, SHIFTED, 0x47, 3); // KP_7 to KP_9
        System.arraycopy(new int[] {0xffb4, 0xffb5, 0xffb6}, 0, SHIFTED, 0x4b, 3); // KP_4 to KP_6
        System.arraycopy(new int[] {0xffb1, 0xffb2, 0xffb3}, 0, SHIFTED, 0x4f, 3); // KP_1 to KP_3
        System.arraycopy(new int[] {0xffb0, 0xffae}, 0, SHIFTED, 0x52, 2); // KP_0, KP_Decimal
        keys(0x54, SYS_REQ);
        keys(0x57, F1 + 10, F1 + 11);
        keys(0x59, 0xffbd); // KP_Equal
        keys(0x64, F1 + 12, F1 + 13, F1 + 14, F1 + 15, F1 + 16, F1 + 17, F1 + 18, F1 + 19, F1 + 20, F1 + 21, F1 + 22);
        keys(0x70, 0xff27); // Hiragana_Katakana
        row(0x73, "\\", "_"); // beside the right Shift of Japanese and Brazilian keyboards
        keys(0x76, F1 + 23);
        keys(0x79, 0xff23); // Henkan
        keys(0x7b, 0xff22); // Muhenkan
        keys(0x7d, 0xa5); // yen
        keys(0x7e, 0xffac); // KP_Separator
        extendedKeys();
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
        keys(0xb7, 0xff61, 0xffea); // Print, Alt_R
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

    private static void row(int first, String plain, String shifted) {
        for (int i = 0; i < plain.length(); i++) {
            PLAIN[first + i] = plain.charAt(i);
            SHIFTED[first + i] = shifted.charAt(i);
        }
    }

    private static void keys(int first, int... keysyms) {
        System.arraycopy(keysyms, 0, PLAIN, first, keysyms.length);
        System.arraycopy(keysyms, 0, SHIFTED, first, keysyms.length);
    }

    /** The key's keysym at these modifiers, {@link #NONE} if it has none. */
    static int of(Scancode key, boolean shift, boolean capsLock, boolean numLock) {
        int number = key.qemuNumber();
        int plain = PLAIN[number];
        if (isKeypadDigit(number)) {
            return numLock != shift ? SHIFTED[number] : plain;
        }
        boolean letter = plain >= 'a' && plain <= 'z';
        return (letter ? shift != capsLock : shift) ? SHIFTED[number] : plain;
    }

    private static boolean isKeypadDigit(int number) {
        return number >= 0x47 && number <= 0x53 && number != 0x4a && number != 0x4e;
    }

    /** The keysym of a character; control characters that have a key stand for it. */
    static int ofCharacter(int codePoint) {
        return switch (codePoint) {
            case '\b' -> BACK_SPACE;
            case '\t' -> TAB;
            case '\n', '\r' -> RETURN;
            case 0x1b -> ESCAPE;
            default -> {
                if (codePoint < 0x20 || codePoint >= 0x7f && codePoint < 0xa0) {
                    yield NONE;
                }
                yield codePoint <= 0xff ? codePoint : UNICODE | codePoint;
            }
        };
    }

    /** Whether the US layout has the character on a key together with Shift. */
    static boolean needsShift(int codePoint) {
        return Arrays.stream(PLAIN, 0, 0x36).noneMatch(k -> k == codePoint)
                && Arrays.stream(SHIFTED, 0, 0x36).anyMatch(k -> k == codePoint);
    }
}
