// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.librdpmux;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Who is to be let in to a guest: what it asked for when it registered, and what was set by its D-Bus object since. Kept with
 * the registration, so that a restart opens nothing that was closed.
 *
 * @param credentialFile of users and password hashes, an absolute path; neither its being there nor its content is checked
 * @param authenticated whether the users of that file are asked for, or those of the host's policy
 * @param shut whether the guest was taken off its endpoint until it registers again
 */
public record GuestAccess(Optional<Path> credentialFile, boolean authenticated, boolean shut) {

    /** Nothing is asked for. */
    public static final GuestAccess NONE = new GuestAccess(Optional.empty(), false, false);

    private static final int MAX_PATH = 1024;

    /** @throws IllegalArgumentException with a sentence, if authentication is asked for but there is no file */
    public GuestAccess {
        if (authenticated && credentialFile.isEmpty()) {
            throw new IllegalArgumentException("this guest has no file of users and password hashes");
        }
    }

    /**
     * What a guest asks for that registers with this file, or with an empty one.
     *
     * @throws IllegalArgumentException as {@link #withFile}
     */
    static GuestAccess registeredWith(String authFile) {
        return authFile.isEmpty() ? NONE : NONE.withFile(authFile).withAuthentication(true);
    }

    /**
     * The same with another file.
     *
     * @throws IllegalArgumentException with a sentence, if that is no absolute path, or one that cannot be kept
     */
    public GuestAccess withFile(String file) {
        if (file.isEmpty()
                || file.length() > MAX_PATH
                || file.charAt(0) != '/'
                || file.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("'" + GuestClaim.printable(file) + "' is not an absolute path");
        }
        try {
            return new GuestAccess(Optional.of(Path.of(file)), authenticated, shut);
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("'" + GuestClaim.printable(file) + "' is not a path here", e);
        }
    }

    /**
     * The same with or without authentication by the file.
     *
     * @throws IllegalArgumentException with a sentence, if there is no file
     */
    public GuestAccess withAuthentication(boolean required) {
        return new GuestAccess(credentialFile, required, shut);
    }

    /** The same, off its endpoint. */
    public GuestAccess asShut() {
        return new GuestAccess(credentialFile, authenticated, true);
    }
}
