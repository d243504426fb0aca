// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server;

import java.util.Objects;
import java.util.function.Supplier;
import org.rdpmux.security.tls.TlsIdentity;

/**
 * What a connection leads to; made by {@link RdpServer#entry}. Viewers are counted by it: equal entries have one limit.
 *
 * @param console where the client goes
 * @param policy how it gets there
 * @param identity what it is shown, asked once for each connection; must not block
 */
public record Entry(Console console, EndpointPolicy policy, Supplier<TlsIdentity> identity) {
    public Entry {
        Objects.requireNonNull(console);
        Objects.requireNonNull(policy);
        Objects.requireNonNull(identity);
    }
}
