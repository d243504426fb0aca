// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.control;

/**
 * A part of what a program types and points at.
 *
 * @param type {@code key} (keys pressed together, then released), {@code key-down}, {@code key-up}, {@code text}, {@code move},
 *     {@code click}, {@code button-down}, {@code button-up}, {@code wheel} or {@code pause}
 * @param key of the keyboard, such as {@code ctrl-alt-delete} or the scan code {@code 0xe053}, for {@code key}, {@code key-down}
 *     and {@code key-up}; of the mouse, {@code left}, {@code middle} or {@code right}, for those of buttons; otherwise empty
 * @param text to type; otherwise empty. Shown nowhere
 * @param x pixel of the guest's screen, for {@code move}; notches to the right, for {@code wheel}
 * @param y likewise; notches up, for {@code wheel}
 * @param millis how long {@code key} and {@code click} hold what they press, and how long a {@code pause} is
 */
public record InputStep(String type, String key, Secret text, int x, int y, int millis) {

    /** Keys pressed together. */
    public static InputStep keys(String keys, int millis) {
        return new InputStep("key", keys, Secret.NONE, 0, 0, millis);
    }

    /** Text. */
    public static InputStep text(String text) {
        return new InputStep("text", "", Secret.of(text.toCharArray()), 0, 0, 0);
    }

    /** A button of the mouse pressed and released. */
    public static InputStep click(String button) {
        return new InputStep("click", button, Secret.NONE, 0, 0, 0);
    }

    /** A motion, or a turn of the wheel. */
    public static InputStep pointer(String type, int x, int y) {
        return new InputStep(type, "", Secret.NONE, x, y, 0);
    }

    /** Keys may spell a password. */
    @Override
    public String toString() {
        return type;
    }
}
