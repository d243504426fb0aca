// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server;

import java.net.InetSocketAddress;

/** An address that leads to a console. May be used from any thread. */
public final class Endpoint implements AutoCloseable {

    Endpoint() {}

    /** Where it listens, with the actual port. */
    public InetSocketAddress address() {
        throw new UnsupportedOperationException();
    }

    public Console console() {
        throw new UnsupportedOperationException();
    }

    public EndpointPolicy policy() {
        throw new UnsupportedOperationException();
    }

    /**
     * Stops listening; the address is free when this returns. Clients that see the console already stay. Idempotent; not
     * to be called from a thread of the server.
     */
    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}
