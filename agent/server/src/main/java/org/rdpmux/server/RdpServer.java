// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.function.Supplier;
import org.rdpmux.display.GuestDisplay;

/**
 * Serves guests' consoles to RDP clients: owns the threads, the limits and every connection. May be used from any thread
 * but its own.
 */
public final class RdpServer implements AutoCloseable {

    public RdpServer(ServerOptions options) {}

    /**
     * A console without viewers and endpoints.
     *
     * @param name what people call the guest
     * @param displays gives a display that was not started yet, anew for each attempt; called on a thread of the server
     *     and must not block
     */
    public Console openConsole(String name, Supplier<GuestDisplay> displays) {
        throw new UnsupportedOperationException();
    }

    /**
     * Begins to accept clients for a console. Returns within seconds.
     *
     * @param address port 0 for any free one
     * @throws IOException if the address cannot be had (a {@link java.net.BindException} if it is taken); the message
     *     names it and says what to do
     * @throws IllegalArgumentException if the policy is not allowed for the address
     * @throws IllegalStateException if the console or the server is closed
     */
    public Endpoint listen(Console console, InetSocketAddress address, EndpointPolicy policy) throws IOException {
        throw new UnsupportedOperationException();
    }

    /** Sends every viewer away, closes every console and endpoint and ends the threads; returns within seconds. */
    @Override
    public void close() {}
}
