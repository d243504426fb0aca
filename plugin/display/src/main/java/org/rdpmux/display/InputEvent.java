// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.display;

import java.util.Objects;

/** One thing a viewer did, on its way to the guest. */
public sealed interface InputEvent {

    /** A key went down or up. A key that goes down again while it is down is an auto-repeat. */
    record Key(Scancode scancode, boolean down) implements InputEvent {
        public Key {
            Objects.requireNonNull(scancode);
        }
    }

    /** A character typed without a key of its own (an input method, a phone's keyboard); displays may drop it. */
    record Unicode(int codePoint, boolean down) implements InputEvent {
        public Unicode {
            if (!Character.isValidCodePoint(codePoint)) {
                throw new IllegalArgumentException("code point " + codePoint);
            }
        }
    }

    /**
     * The keyboard on which the keys and characters that follow are typed has this layout; US where nobody says. For displays
     * that pass on key symbols, and type characters; those that pass on scan codes have no use for it.
     *
     * @param windowsNumber as Windows numbers them ("active input locale identifier"), such as 0x407 for German
     */
    record Layout(int windowsNumber) implements InputEvent {
        public static final Layout US = new Layout(0x409);
    }

    /** The pointer stands at this pixel of the guest's screen. */
    record PointerMove(int x, int y) implements InputEvent {}

    /** The pointer moved by this many pixels (for clients that send relative motion). */
    record PointerMoveBy(int dx, int dy) implements InputEvent {}

    /** A mouse button went down or up at the pointer's position. */
    record Button(PointerButton button, boolean down) implements InputEvent {
        public Button {
            Objects.requireNonNull(button);
        }
    }

    /**
     * The wheel was turned by whole or partial notches.
     *
     * @param vertical in 120ths of a notch, positive away from the user (up)
     * @param horizontal in 120ths of a notch, positive to the right
     */
    record Wheel(int vertical, int horizontal) implements InputEvent {
        /** One notch. */
        public static final int NOTCH = 120;
    }
}
