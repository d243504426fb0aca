// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon.consoles;

import java.util.Map;
import java.util.ServiceLoader;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.rdpmux.display.DisplaySource;
import org.rdpmux.display.GuestDisplay;
import org.rdpmux.display.GuestDisplayProvider;

/** The display backends there are, by the type of display they open. */
public record Displays(Map<String, GuestDisplayProvider> providers) {

    public Displays {
        providers = Map.copyOf(providers);
    }

    /** Every backend on the class path. */
    public static Displays installed() {
        return new Displays(ServiceLoader.load(GuestDisplayProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .collect(Collectors.toMap(GuestDisplayProvider::type, provider -> provider)));
    }

    /** Opens a source's display, anew at each call. */
    Supplier<GuestDisplay> opening(DisplaySource source) {
        GuestDisplayProvider provider = providers.get(source.type());
        if (provider == null) {
            throw new IllegalStateException("no backend for displays of the type '" + source.type() + "' is installed");
        }
        return () -> provider.open(source);
    }
}
