// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon.endpoint;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A console somebody told the agent of, whether or not it can be served.
 *
 * @param id identifies it
 * @param name what people call it; not unique
 * @param origin who told of it
 * @param state of its guest for people, such as {@code running}; empty if not known
 * @param pin the port it must have; empty if any will do
 * @param wishes what its guest asks of the endpoint
 * @param access what its own settings say about who may see it
 * @param display to serve it from; empty if it is not to be served, or cannot be
 * @param note why there is no display, or what is wrong with its settings: a sentence; may be empty
 */
public record KnownConsole(
        ConsoleId id,
        String name,
        Origin origin,
        String state,
        OptionalInt pin,
        Wishes wishes,
        AccessTerms access,
        Optional<DisplayOffer> display,
        String note) {

    /** Who told of a console. */
    public enum Origin {
        LIBVIRT,
        PROXMOX,
        CONFIGURED,
        ATTACHED,
        /** The guest itself, which libvirt does not know. */
        REGISTERED
    }

    /**
     * What a guest asks of its endpoint.
     *
     * @param port granted if it is free when the endpoint is made; empty for any
     * @param credentials a SAM file with more users of this console alone, who are then asked for even where the host's
     *     policy asks for nobody
     */
    public record Wishes(OptionalInt port, Optional<Path> credentials) {
        public static final Wishes NONE = new Wishes(OptionalInt.empty(), Optional.empty());

        public Wishes {
            Objects.requireNonNull(port);
            Objects.requireNonNull(credentials);
        }
    }

    /** A console whose guest asks for nothing and whose settings say nothing. */
    public KnownConsole(
            ConsoleId id,
            String name,
            Origin origin,
            String state,
            OptionalInt pin,
            Optional<DisplayOffer> display,
            String note) {
        this(id, name, origin, state, pin, Wishes.NONE, AccessTerms.NONE, display, note);
    }

    /** This console with another note. */
    public KnownConsole withNote(String changed) {
        return new KnownConsole(id, name, origin, state, pin, wishes, access, display, changed);
    }

    public KnownConsole {
        Objects.requireNonNull(id);
        Objects.requireNonNull(name);
        Objects.requireNonNull(origin);
        Objects.requireNonNull(state);
        Objects.requireNonNull(pin);
        Objects.requireNonNull(wishes);
        Objects.requireNonNull(display);
        Objects.requireNonNull(access);
        Objects.requireNonNull(note);
    }
}
