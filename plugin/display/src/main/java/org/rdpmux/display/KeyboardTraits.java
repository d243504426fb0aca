// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.display;

/**
 * What a display's keyboard can take. All take {@linkplain InputEvent.Key keys} by scan code; those that pass on symbols
 * instead make them of the scan code and the {@linkplain InputEvent.Layout layout}.
 *
 * @param characters whether {@linkplain InputEvent.Unicode characters} without a key of their own can be typed; they are
 *     dropped otherwise
 * @param keyGapNanos the least time between two key events at which the guest's keyboard loses none of them, in nanoseconds; 0
 *     if it takes them as they come. Whoever {@linkplain GuestDisplay#send sends} keeps to it. A character counts as two.
 */
public record KeyboardTraits(boolean characters, long keyGapNanos) {

    /** A keyboard that takes keys as they come, and no characters. */
    public static final KeyboardTraits KEYS = new KeyboardTraits(false, 0);

    public KeyboardTraits {
        if (keyGapNanos < 0) {
            throw new IllegalArgumentException("key gap " + keyGapNanos + " ns");
        }
    }
}
