// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon.consoles;

import java.util.Map;
import java.util.function.Supplier;
import org.rdpmux.display.DisplaySource;
import org.rdpmux.display.GuestDisplay;
import org.rdpmux.display.GuestDisplayFactory;

/** The display backends there are, by {@link DisplaySource#type the type of display} that they open. */
public record Displays(Map<String, GuestDisplayFactory> factories) {

    public Displays {
        factories = Map.copyOf(factories);
    }

    /** Opens a source's display, anew at each call. */
    Supplier<GuestDisplay> opening(DisplaySource source) {
        GuestDisplayFactory factory = factories.get(source.type());
        if (factory == null) {
            throw new IllegalStateException("no backend for displays of the type '" + source.type() + "' is installed");
        }
        return () -> factory.open(source);
    }
}
