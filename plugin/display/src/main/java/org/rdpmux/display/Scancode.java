// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.display;

/**
 * A key of the PC keyboard, as scan code set 1 numbers it.
 *
 * @param code 1 to 0x7f, without prefix and release bit
 * @param prefix the byte that precedes the code on the wire of a real keyboard
 */
public record Scancode(int code, Prefix prefix) {

    /** The byte before the code. */
    public enum Prefix {
        NONE,
        E0
    }

    public static final Scancode LEFT_CTRL = of(0x1d);
    public static final Scancode RIGHT_CTRL = extended(0x1d);
    public static final Scancode LEFT_SHIFT = of(0x2a);
    public static final Scancode RIGHT_SHIFT = of(0x36);
    public static final Scancode LEFT_ALT = of(0x38);
    public static final Scancode RIGHT_ALT = extended(0x38);
    public static final Scancode CAPS_LOCK = of(0x3a);
    public static final Scancode NUM_LOCK = of(0x45);
    public static final Scancode SCROLL_LOCK = of(0x46);
    /**
     * Pause: on a real keyboard the sequence E1 1D 45. Here one key; extended 0x46 is the number that QEMU and RFB's
     * extended key event use for it.
     */
    public static final Scancode PAUSE = extended(0x46);

    public Scancode {
        if (code < 1 || code > 0x7f) {
            throw new IllegalArgumentException("scan code " + code + " is not 1 to 127");
        }
    }

    public static Scancode of(int code) {
        return new Scancode(code, Prefix.NONE);
    }

    public static Scancode extended(int code) {
        return new Scancode(code, Prefix.E0);
    }

    public boolean isExtended() {
        return prefix == Prefix.E0;
    }

    /** The single number that QEMU and RFB's extended key event know the key by: extended keys have bit 7 set. */
    public int qemuNumber() {
        return isExtended() ? code | 0x80 : code;
    }
}
