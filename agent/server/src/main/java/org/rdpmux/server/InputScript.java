// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server;

import java.util.List;
import org.rdpmux.display.InputEvent;

/**
 * What a program types and points at.
 *
 * @param events in order; 1 or more
 * @param layout of the keyboard that characters are typed on
 * @param force also while a viewer holds a key or a button down, which changes what is typed
 */
public record InputScript(List<Timed> events, InputEvent.Layout layout, boolean force) {

    public InputScript {
        events = List.copyOf(events);
        if (events.isEmpty()) {
            throw new IllegalArgumentException("a script without events");
        }
    }

    /**
     * An event.
     *
     * @param pauseNanos the least time from the event before to this one; 0 or more
     */
    public record Timed(long pauseNanos, InputEvent event) {}

    /** Whether some of it can only be typed on keyboards that take characters. */
    public boolean hasCharacters() {
        return events.stream().anyMatch(timed -> timed.event() instanceof InputEvent.Unicode);
    }
}
