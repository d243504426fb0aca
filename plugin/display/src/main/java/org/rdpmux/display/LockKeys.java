// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.display;

/** State of the keyboard's locks: a viewer's own, or a guest's LEDs. */
public record LockKeys(boolean scroll, boolean num, boolean caps) {
    public static final LockKeys NONE = new LockKeys(false, false, false);
}
