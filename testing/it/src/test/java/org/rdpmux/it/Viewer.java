// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.IntUnaryOperator;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Somebody with an RDP client, at a desktop of their own; the X pointer is outside of the client's window at first. */
final class Viewer {

    /** How often the window is looked at before the guest's screen is asked for again. */
    private static final int LOOKS = 10;

    private final Desktop desktop;
    private final IntUnaryOperator shown;
    private final Background client;

    Viewer(Programs programs, Clients client, int port) {
        this(new Desktop(programs), client, port);
    }

    /** @param options more of them, of this client's own */
    Viewer(Desktop desktop, Clients client, int port, String... options) {
        this(desktop, client.command(port, options), client::shown);
    }

    /** A client by its command line, one that shows all colours as they are. */
    Viewer(Programs programs, List<String> command) {
        this(new Desktop(programs), command, colour -> colour);
    }

    private Viewer(Desktop desktop, List<String> command, IntUnaryOperator shown) {
        this.shown = shown;
        this.desktop = desktop;
        desktop.parkPointer();
        client = desktop.start(command);
    }

    Background client() {
        return client;
    }

    /** Runs xdotool: keys and buttons as a user's. */
    void type(String... xdotool) {
        desktop.type(xdotool);
    }

    /**
     * Gives the client's window a size, as its user does. A client whose guest has just got another size gives the window that
     * one itself, and may never tell of this.
     */
    void resizeWindow(int width, int height) {
        type("search", "--sync", "--name", "FreeRDP", "windowsize", "" + width, "" + height);
    }

    /** Moves the X pointer out of the client's window, so that it is not in the picture. */
    void parkPointer() {
        desktop.parkPointer();
    }

    /** The top left corner of the desktop, which is where the client's window is. */
    Picture window(int width, int height) {
        return desktop.picture(width, height);
    }

    /**
     * Waits until the window is this screen, pixel for pixel, and gives it. The screen is asked for again and again: it
     * may have been in the middle of something.
     */
    Picture awaitShows(Supplier<Picture> screen) {
        return awaitShows(screen, "as it is", picture -> true);
    }

    /** Likewise, once the screen is as expected. A screen of one colour would show nothing, and is waited out. */
    Picture awaitShows(Supplier<Picture> screen, String how, Predicate<Picture> expected) {
        Picture[] wanted = new Picture[1];
        return Wait.value(
                client + " shows the guest's screen " + how,
                () -> {
                    if (!client.isAlive()) {
                        throw new AssertionError(client + " instead of showing the guest's screen " + how);
                    }
                    wanted[0] = screen.get().map(shown);
                    boolean wellFormed = !wanted[0].isPlain() && expected.test(wanted[0]);
                    return wellFormed && comesToShow(wanted[0]) ? Optional.of(wanted[0]) : Optional.empty();
                },
                () -> difference(wanted[0]));
    }

    private boolean comesToShow(Picture wanted) {
        for (int look = 0; look < LOOKS; look++) {
            if (window(wanted.width(), wanted.height()).difference(wanted).isEmpty()) {
                return true;
            }
            Wait.pause(Duration.ofMillis(20));
        }
        return false;
    }

    private String difference(Picture wanted) {
        try {
            Path kept = Programs.failed("pictures-" + client.pid());
            desktop.picture().save(kept.resolve("window.png"));
            wanted.save(kept.resolve("screen.png"));
            return window(wanted.width(), wanted.height())
                            .difference(wanted)
                            .orElse("a window that is the screen, " + wanted.width() + "x" + wanted.height())
                    + "; pictures are in " + kept;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends the client as a signal does. */
    void leave() {
        client.end();
    }
}
