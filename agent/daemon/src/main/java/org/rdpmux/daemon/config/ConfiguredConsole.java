// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon.config;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import org.rdpmux.display.DisplaySource;
import org.rdpmux.security.access.Authentication;

/**
 * A console that libvirt does not manage, by the address of its display.
 *
 * @param name what people call it: {@value #NAME_RULE}
 * @param address as {@link DisplaySource#parse} reads it
 * @param port its endpoint's; empty for any
 * @param passwordFile holds the display's password in its first line; empty if it has none
 * @param policy what its clients must prove; empty for what the configuration says for all
 */
public record ConfiguredConsole(
        String name, String address, OptionalInt port, Optional<Path> passwordFile, Optional<Authentication> policy) {

    static final String NAME_RULE = "1 to 64 letters, digits, '-' and '_'";

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,64}");

    /** A longer address is no host and no path. */
    private static final int MAX_ADDRESS = 512;

    public ConfiguredConsole {
        Objects.requireNonNull(port);
        Objects.requireNonNull(passwordFile);
        Objects.requireNonNull(policy);
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("'" + name + "' is no name for a console: " + NAME_RULE);
        }
        if (address.length() > MAX_ADDRESS) {
            throw new IllegalArgumentException("address of more than " + MAX_ADDRESS + " characters");
        }
        if (!DisplaySource.parse(address).type().equals("vnc")) {
            throw new IllegalArgumentException(
                    "'" + address + "' is of no known type; known are vnc://HOST:PORT and vnc+unix:///PATH");
        }
        if (port.isPresent() && (port.getAsInt() < 1 || port.getAsInt() > 65535)) {
            throw new IllegalArgumentException("port " + port.getAsInt() + " is not 1 to 65535");
        }
        if (passwordFile.isPresent() && !passwordFile.get().isAbsolute()) {
            throw new IllegalArgumentException("'" + passwordFile.get() + "' is not an absolute path");
        }
    }
}
