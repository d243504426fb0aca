// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server;

/** Hears what happens at a console. Called on the console's thread, one call at a time; must return at once. */
public interface ConsoleListener {

    /** For consoles of which nobody wants to hear. */
    ConsoleListener NONE = new ConsoleListener() {
        @Override
        public void displayChanged(ConsoleStatus status) {}

        @Override
        public void viewerJoined(ViewerStatus viewer) {}

        @Override
        public void viewerLeft(ViewerStatus viewer) {}
    };

    /** The guest's display has another state or size. */
    void displayChanged(ConsoleStatus status);

    /** A client sees the console now. */
    void viewerJoined(ViewerStatus viewer);

    /** A client that saw the console has left. */
    void viewerLeft(ViewerStatus viewer);
}
