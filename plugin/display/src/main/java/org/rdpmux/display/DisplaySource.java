// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.display;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Which display to open: its type (the provider's), its address, and how to come by its password.
 *
 * @param type which {@link GuestDisplayFactory} opens it, such as {@code vnc}; also the scheme of its addresses
 * @param keymap the keyboard layout that the display itself was given, if that is known, by QEMU's name such as {@code de-ch}
 * @param password asked at each connection; empty if the display needs none. The array is the caller's to clear.
 */
public record DisplaySource(
        String type, DisplayAddress address, Optional<String> keymap, Supplier<Optional<char[]>> password) {

    public DisplaySource {
        Objects.requireNonNull(type);
        Objects.requireNonNull(address);
        Objects.requireNonNull(keymap);
        Objects.requireNonNull(password);
    }

    public DisplaySource(String type, DisplayAddress address) {
        this(type, address, Optional::empty);
    }

    public DisplaySource(String type, DisplayAddress address, Supplier<Optional<char[]>> password) {
        this(type, address, Optional.empty(), password);
    }

    public DisplaySource withKeymap(Optional<String> name) {
        return new DisplaySource(type, address, name, password);
    }

    /**
     * Reads {@code TYPE://HOST:PORT} or {@code TYPE+unix:///PATH}.
     *
     * @throws IllegalArgumentException with a sentence that names what is wrong
     */
    public static DisplaySource parse(String text) {
        URI uri;
        try {
            uri = new URI(text);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("'" + text + "' is not an address: " + e.getReason(), e);
        }
        String scheme = uri.getScheme();
        if (scheme == null) {
            throw new IllegalArgumentException(
                    "'" + text + "' has no scheme; expected vnc://HOST:PORT or vnc+unix:///PATH");
        }
        if (scheme.endsWith("+unix")) {
            if (uri.getPath() == null || !uri.getPath().startsWith("/") || uri.getAuthority() != null) {
                throw new IllegalArgumentException("'" + text + "' needs an absolute path: " + scheme + ":///PATH");
            }
            String type = scheme.substring(0, scheme.length() - "+unix".length());
            return new DisplaySource(type, new DisplayAddress.Unix(Path.of(uri.getPath())));
        }
        if (uri.getHost() == null || uri.getPort() < 1 || uri.getPort() > 65535) {
            throw new IllegalArgumentException(
                    "'" + text + "' needs a host and a port of 1 to 65535: " + scheme + "://HOST:PORT");
        }
        if (uri.getPath() != null && !uri.getPath().isEmpty() && !uri.getPath().equals("/")) {
            throw new IllegalArgumentException(
                    "'" + text + "' has a path, which " + scheme + "://HOST:PORT does not take");
        }
        String host = uri.getHost();
        if (host.startsWith("[")) {
            host = host.substring(1, host.length() - 1);
        }
        return new DisplaySource(scheme, new DisplayAddress.Tcp(host, uri.getPort()));
    }

    /** The text {@link #parse} reads, for addresses that have one. */
    @Override
    public String toString() {
        return (address instanceof DisplayAddress.Unix ? type + "+unix://" : type + "://") + address;
    }
}
