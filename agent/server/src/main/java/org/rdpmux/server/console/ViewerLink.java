// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.console;

import org.rdpmux.display.LockKeys;
import org.rdpmux.server.DisconnectReason;

/**
 * A console's way to one client's connection. Called on the console's thread; returns at once and does its work on the
 * connection's own thread, in order.
 */
public interface ViewerLink {

    /** The desktop size to announce to the client; answers {@link ViewerPort}'s creation, once. */
    void offerDesktop(int width, int height);

    /** The guest's screen has another size now; the client is to change to it and {@link ViewerPort#activated} to follow. */
    void resize(int width, int height);

    /** Sends a batch and releases it; {@link ViewerPort#drained} tells when the socket has taken it. */
    void send(FrameBatch batch);

    /** The guest moved its pointer there itself. */
    void warpPointer(int x, int y);

    /** The guest's lock-key LEDs, when the client begins to see the screen and whenever they change. */
    void locks(LockKeys leds);

    /** The console has taken the input that made {@link ViewerPort#input} ask for a pause. */
    void resumeInput();

    /** Sends the client away; {@link ViewerPort#leave} follows. */
    void disconnect(DisconnectReason reason);
}
