// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server;

import java.net.InetSocketAddress;

/** An address that leads to a console. May be used from any thread. */
public final class Endpoint implements AutoCloseable {

    private final Console console;
    private final EndpointPolicy policy;
    private final Listener listener;

    Endpoint(Console console, EndpointPolicy policy, Listener listener) {
        this.console = console;
        this.policy = policy;
        this.listener = listener;
    }

    /** Where it listens, with the actual port. */
    public InetSocketAddress address() {
        return listener.address();
    }

    public Console console() {
        return console;
    }

    public EndpointPolicy policy() {
        return policy;
    }

    /**
     * Stops listening; the address is free when this returns. Clients that see the console already stay. Idempotent; not
     * to be called from a thread of the server.
     */
    @Override
    public void close() {
        console.remove(this);
        listener.close();
    }

    void beginClose() {
        listener.beginClose();
    }
}
