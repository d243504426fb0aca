// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.console;

import java.util.List;
import org.rdpmux.display.ClipboardEvent;
import org.rdpmux.display.InputEvent;
import org.rdpmux.display.Rect;
import org.rdpmux.display.Region;

/** What a client's connection tells its console. */
public sealed interface ToConsole extends Mailbox.Message<ToConsole> {

    /** By default the newest message counts. */
    @Override
    default ToConsole after(ToConsole earlier) {
        return this;
    }

    /** The client has finished its connection, or its change of size: it can be sent output from now on. */
    record Activated(ViewerIdentity identity, ViewerCapabilities capabilities) implements ToConsole {}

    /** Keyboard or mouse. Until the client has finished its connection, and after it has left, input is dropped. */
    record Input(ViewerInput input) implements ToConsole {}

    /** The layout of the client's keyboard, for what it types from now on. */
    record Keyboard(InputEvent.Layout layout) implements ToConsole {}

    /** The socket has taken the last batch, which made this many bytes. */
    record Drained(int bytes) implements ToConsole {
        @Override
        public ToConsole after(ToConsole earlier) {
            return new Drained(bytes + ((Drained) earlier).bytes);
        }
    }

    /** The client has shown a frame; see {@link SendWindow#acknowledged}. */
    record Acknowledged(int frame, int queueDepth) implements ToConsole {}

    /** How long a message to the client and back takes, smoothed. */
    record RoundTrip(long nanos) implements ToConsole {}

    /** The client's user has made the window this large, in pixels: the screen is to fit. */
    record SizeWanted(int width, int height) implements ToConsole {}

    /**
     * The client's clipboard says something, its first {@link ClipboardEvent.Offer} that it has one. Of each kind of event the
     * newest counts.
     */
    record Clipboard(ClipboardEvent event) implements ToConsole {
        @Override
        public Object kind() {
            return event.getClass();
        }
    }

    /** The client has no clipboard any more. */
    record ClipboardClosed() implements ToConsole {}

    /** The client plays what the guest plays, or ceases to. */
    record Listens(boolean sound) implements ToConsole {}

    /** The client wants no output, or wants it again. */
    record OutputWanted(boolean wanted) implements ToConsole {}

    /** The client wants these areas of its desktop again. */
    record Refresh(Region areas) implements ToConsole {
        public static Refresh of(List<Rect> areas) {
            Region region = new Region();
            areas.forEach(region::add);
            return new Refresh(region);
        }

        @Override
        public ToConsole after(ToConsole earlier) {
            areas.add(((Refresh) earlier).areas);
            return this;
        }
    }

    /** The client's machine has stopped to acknowledge what it is sent, or does again. */
    record Reachable(boolean reachable) implements ToConsole {}

    /** The connection has ended. */
    record Left() implements ToConsole {}
}
