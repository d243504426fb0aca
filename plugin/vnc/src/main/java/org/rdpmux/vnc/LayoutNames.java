// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.vnc;

import java.util.OptionalInt;

/** Names of keyboard layouts for people. */
public final class LayoutNames {

    private static final int MOST_DIGITS = 8;

    private LayoutNames() {}

    /**
     * The number by which Windows knows a layout, as {@link org.rdpmux.display.InputEvent.Layout} has it.
     *
     * @param name of a QEMU keymap, such as {@code de-ch}, or the number itself, such as {@code 0x807}
     * @return empty for one that is not known
     */
    public static OptionalInt windowsNumber(String name) {
        if (name.matches("0x[0-9a-fA-F]{1," + MOST_DIGITS + "}")) {
            return OptionalInt.of(Integer.parseUnsignedInt(name.substring(2), 16));
        }
        return KeyboardLayouts.windowsNumber(name);
    }
}
