// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server;

/**
 * Whether clients may ask guests for another screen size, as the user of a client drags its window.
 *
 * @param allowed if not, clients are not offered to ask
 * @param restored whether the guest is asked for the size that it had before, once nobody looks on any more
 */
public record Resizing(boolean allowed, boolean restored) {

    public static final Resizing NEVER = new Resizing(false, false);
}
