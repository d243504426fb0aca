// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon.endpoint;

import java.util.Objects;
import java.util.function.Supplier;
import org.rdpmux.display.GuestDisplay;

/**
 * A display to serve a console from. Two offers are equal if they lead to the same display of the same run of a guest.
 *
 * @param identity tells this display from every other, such as {@code vnc:4:0} for the first display of the fourth run
 * @param description for people, such as {@code VNC display}
 * @param displays opens it, anew for each attempt; must not block
 */
public record DisplayOffer(String identity, String description, Supplier<GuestDisplay> displays) {

    public DisplayOffer {
        Objects.requireNonNull(identity);
        Objects.requireNonNull(description);
        Objects.requireNonNull(displays);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof DisplayOffer offer && identity.equals(offer.identity);
    }

    @Override
    public int hashCode() {
        return identity.hashCode();
    }

    @Override
    public String toString() {
        return description + " (" + identity + ")";
    }
}
