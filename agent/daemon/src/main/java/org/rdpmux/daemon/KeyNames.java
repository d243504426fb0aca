// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.rdpmux.display.Scancode;

/** Names of keys: what is printed on them on a US keyboard. */
final class KeyNames {

    private static final int LEAST_SCAN_CODE_DIGITS = 3;

    private static final Map<String, Scancode> KEYS = new HashMap<>();

    static {
        row(
                0x02,
                "1 2 3 4 5 6 7 8 9 0 minus equal backspace tab q w e r t y u i o p bracketleft bracketright enter ctrl"
                        + " a s d f g h j k l semicolon apostrophe grave shift backslash z x c v b n m comma period slash"
                        + " rightshift kpmultiply alt space capslock f1 f2 f3 f4 f5 f6 f7 f8 f9 f10 numlock scrolllock"
                        + " kp7 kp8 kp9 kpminus kp4 kp5 kp6 kpplus kp1 kp2 kp3 kp0 kpperiod");
        key("esc escape", Scancode.of(0x01));
        key("return", Scancode.of(0x1c));
        key("control", Scancode.LEFT_CTRL);
        key("less", Scancode.of(0x56));
        key("f11", Scancode.of(0x57));
        key("f12", Scancode.of(0x58));
        key("kpenter", Scancode.extended(0x1c));
        key("rightctrl", Scancode.RIGHT_CTRL);
        key("kpdivide", Scancode.extended(0x35));
        key("print sysrq", Scancode.extended(0x37));
        key("altgr rightalt", Scancode.RIGHT_ALT);
        key("pause", Scancode.PAUSE);
        key("home", Scancode.extended(0x47));
        key("up", Scancode.extended(0x48));
        key("pageup", Scancode.extended(0x49));
        key("left", Scancode.extended(0x4b));
        key("right", Scancode.extended(0x4d));
        key("end", Scancode.extended(0x4f));
        key("down", Scancode.extended(0x50));
        key("pagedown", Scancode.extended(0x51));
        key("insert", Scancode.extended(0x52));
        key("delete del", Scancode.extended(0x53));
        key("win super meta", Scancode.extended(0x5b));
        key("menu", Scancode.extended(0x5d));
    }

    private KeyNames() {}

    private static void row(int first, String names) {
        int code = first;
        for (String name : names.split(" ")) {
            key(name, Scancode.of(code++));
        }
    }

    private static void key(String names, Scancode key) {
        for (String name : names.split(" ")) {
            KEYS.put(name, key);
        }
    }

    /**
     * The key of a name, or of a scan code (set 1) such as {@code 0x1c} and {@code 0xe01c}.
     *
     * @throws IllegalArgumentException a sentence, if there is none
     */
    static Scancode find(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        if (lower.matches("0x(e0)?[0-7][0-9a-f]") && !lower.endsWith("00")) {
            int code = Integer.parseInt(lower.substring(lower.length() - 2), 16);
            return lower.startsWith("0xe0") && lower.length() > LEAST_SCAN_CODE_DIGITS + 1
                    ? Scancode.extended(code)
                    : Scancode.of(code);
        }
        Scancode key = KEYS.get(lower);
        if (key == null) {
            throw new IllegalArgumentException("there is no key '" + name
                    + "'; keys are called as they are on a US keyboard (a, f1, enter, ctrl, pageup), or by scan code"
                    + " (0xe053)");
        }
        return key;
    }
}
