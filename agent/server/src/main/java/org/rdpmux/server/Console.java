// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.rdpmux.display.GuestDisplay;
import org.rdpmux.display.Rect;
import org.rdpmux.server.console.GuestConsole;

/**
 * One guest's screen with its viewers. Its display is opened with the first viewer and closed some seconds after the
 * last; a display that fails is opened anew while somebody waits for it. All methods may be called from any thread and
 * return at once.
 */
public final class Console {

    private final GuestConsole guest;
    private final Consumer<Console> whenClosed;
    private final Set<Endpoint> endpoints = ConcurrentHashMap.newKeySet();
    private boolean closed;

    Console(GuestConsole guest, Consumer<Console> whenClosed) {
        this.guest = guest;
        this.whenClosed = whenClosed;
    }

    /** What people call the guest. */
    public String name() {
        return guest.name();
    }

    /** Viewers that come from now on see the new name. */
    public void rename(String name) {
        guest.rename(name);
    }

    public ConsoleStatus status() {
        return guest.status();
    }

    /** What its viewers were sent since it was opened. */
    public OutputStatus output() {
        return guest.output();
    }

    /** Opens displays from another source from now on. Viewers stay and see the other display's screen. */
    public void setDisplays(Supplier<GuestDisplay> displays) {
        guest.setDisplays(displays);
    }

    /** The clients that see the console, in the order in which they came. */
    public List<ViewerStatus> viewers() {
        return guest.viewers();
    }

    /**
     * Takes a picture of the guest's screen, or of a part of it: of the pixels that viewers see, or will see next. If nobody
     * looks on, the display is opened for it.
     *
     * @param area in pixels; empty for all of it
     * @return completed on the console's thread, within some seconds; whoever takes the picture closes it. Fails with a {@link
     *     ConsoleUnavailableException}. May be cancelled
     */
    public CompletableFuture<ScreenPicture> picture(Rect area) {
        return guest.programs().picture(area);
    }

    /**
     * Waits for something at the guest's screen, at no cost while it stays as it is. If nobody looks on, the display is opened
     * for it, and stays open while somebody waits.
     *
     * @return as for {@link #picture}
     */
    public CompletableFuture<ScreenState> await(ScreenWait wait) {
        return guest.programs().await(wait);
    }

    /**
     * Types a script, as one more viewer would, beside those that there are. If nobody looks on, the display is opened for it.
     *
     * @return completed on the console's thread once the guest's keyboard has got all of it. Fails with a {@link
     *     ConsoleUnavailableException}. If it is cancelled, the rest is not typed
     */
    public CompletableFuture<Void> type(InputScript script) {
        return guest.programs().type(script);
    }

    /** Sends a viewer away; without effect if it has gone. */
    public void disconnect(long viewerId, DisconnectReason reason) {
        guest.disconnect(viewerId, reason);
    }

    /**
     * Closes its display and sends its viewers away. Its endpoints begin to close; {@link Endpoint#close} waits for that.
     * Idempotent.
     */
    public void close(DisconnectReason reason) {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        endpoints.forEach(Endpoint::beginClose);
        guest.close(reason);
        whenClosed.accept(this);
    }

    GuestConsole guest() {
        return guest;
    }

    /** @throws IllegalStateException if the console is closed */
    synchronized void add(Endpoint endpoint) {
        if (closed) {
            throw new IllegalStateException("the console " + name() + " is closed");
        }
        endpoints.add(endpoint);
    }

    void remove(Endpoint endpoint) {
        endpoints.remove(endpoint);
    }

    Set<Endpoint> endpoints() {
        return Set.copyOf(endpoints);
    }
}
