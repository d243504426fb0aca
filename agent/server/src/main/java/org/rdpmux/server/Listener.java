// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server;

import java.net.InetSocketAddress;
import java.util.function.Consumer;
import org.rdpmux.server.net.Acceptor;

/** An address at which the server accepts clients. May be used from any thread. */
public final class Listener implements AutoCloseable {

    private final Acceptor acceptor;
    private final InetSocketAddress address;
    private final Consumer<Listener> whenClosed;

    Listener(Acceptor acceptor, Consumer<Listener> whenClosed) {
        this.acceptor = acceptor;
        this.address = acceptor.address();
        this.whenClosed = whenClosed;
    }

    /** Where it listens, with the actual port. */
    public InetSocketAddress address() {
        return address;
    }

    /**
     * Stops listening; the address is free when this returns. Clients that see a console already stay. Idempotent; not to
     * be called from a thread of the server.
     */
    @Override
    public void close() {
        whenClosed.accept(this);
        acceptor.close();
    }

    void beginClose() {
        acceptor.beginClose();
    }
}
