// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.display;

/**
 * What a guest plays: a facet of displays that carry it. Belongs to its display: its method may be called from any one thread
 * at a time, before {@link GuestDisplay#start}, too, returns at once, does nothing once the display is closed and never throws.
 */
@FunctionalInterface
public interface Sound {

    /**
     * Says whether somebody listens. While somebody does, {@link GuestDisplay.Listener#sound} hears what the guest plays;
     * otherwise, and at first, the display asks the hypervisor for none.
     */
    void listen(boolean somebody);
}
