// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.display;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;

/** Where a display is to be found. */
public sealed interface DisplayAddress {

    /** A TCP address; the host is a name or a literal without brackets. */
    record Tcp(String host, int port) implements DisplayAddress {
        public Tcp {
            Objects.requireNonNull(host);
            if (port < 1 || port > 65535) {
                throw new IllegalArgumentException("port " + port + " is not 1 to 65535");
            }
        }

        @Override
        public String toString() {
            return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
        }
    }

    /** A Unix socket. */
    record Unix(Path path) implements DisplayAddress {
        public Unix {
            Objects.requireNonNull(path);
        }

        @Override
        public String toString() {
            return path.toString();
        }
    }

    /** A connected socket that somebody opens for us, anew for each connection. */
    record Opened(String description, FileDescriptorOpener opener) implements DisplayAddress {
        public Opened {
            Objects.requireNonNull(description);
            Objects.requireNonNull(opener);
        }

        @Override
        public String toString() {
            return description;
        }
    }

    /** Opens a connected stream socket, makes it non-blocking, and hands over its descriptor. */
    @FunctionalInterface
    interface FileDescriptorOpener {
        /**
         * May block for a bounded time; called on a thread that may.
         *
         * @return the descriptor, owned by the caller from now on
         * @throws IOException with a sentence for people
         */
        int open() throws IOException;
    }
}
