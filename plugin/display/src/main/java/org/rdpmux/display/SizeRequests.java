// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.display;

/**
 * Asks a guest for another screen size: a facet of displays that have a message for it. Belongs to its display: its methods
 * may be called from any one thread at a time, return at once, do nothing once the display is closed and never throw.
 */
@FunctionalInterface
public interface SizeRequests {

    /**
     * Asks for a screen of this size in pixels, clipped to what the display can carry. A request that comes too early is kept,
     * and only the last one counts. There is no answer: a guest that grants it changes its mode, which the listener hears as
     * {@link GuestDisplay.Listener#resized}; one that grants another size, or ignores the request, is not asked again.
     */
    void request(int width, int height);
}
