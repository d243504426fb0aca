// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server;

import java.util.List;
import java.util.function.Supplier;
import org.rdpmux.display.GuestDisplay;

/**
 * One guest's screen with its viewers. Its display is opened with the first viewer and closed some seconds after the
 * last; a display that fails is opened anew while somebody waits for it. All methods may be called from any thread and
 * return at once.
 */
public final class Console {

    Console() {}

    /** What people call the guest. */
    public String name() {
        throw new UnsupportedOperationException();
    }

    /** Viewers that come from now on see the new name. */
    public void rename(String name) {
        throw new UnsupportedOperationException();
    }

    public ConsoleStatus status() {
        throw new UnsupportedOperationException();
    }

    /** Opens displays from another source from now on. Viewers stay and see the other display's screen. */
    public void setDisplays(Supplier<GuestDisplay> displays) {
        throw new UnsupportedOperationException();
    }

    /** The clients that see the console, in the order in which they came. */
    public List<ViewerStatus> viewers() {
        throw new UnsupportedOperationException();
    }

    /** Sends a viewer away; without effect if it has gone. */
    public void disconnect(long viewerId, DisconnectReason reason) {
        throw new UnsupportedOperationException();
    }

    /** Closes its endpoints and its display and sends its viewers away. Idempotent. */
    public void close(DisconnectReason reason) {
        throw new UnsupportedOperationException();
    }
}
