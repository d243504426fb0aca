// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.display;

/** A button of the mouse. Wheels are not buttons here: see {@link InputEvent.Wheel}. */
public enum PointerButton {
    LEFT,
    MIDDLE,
    RIGHT,
    /** The fourth button, "back" in most guests. */
    SIDE,
    /** The fifth button, "forward" in most guests. */
    EXTRA
}
