// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.net;

import java.net.InetSocketAddress;
import java.util.Objects;

/**
 * Where a connection comes from, as its transport says.
 *
 * @param remote the client's address, by which guesses and connections are counted
 * @param loopback true if only programs on this machine can come this way
 */
public record Origin(InetSocketAddress remote, boolean loopback) {
    public Origin {
        Objects.requireNonNull(remote);
    }
}
