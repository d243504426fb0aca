// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.console;

import java.net.InetSocketAddress;
import java.util.Objects;

/**
 * Who a viewer is, for people.
 *
 * @param clientName what the client calls its machine, without control characters; may be empty
 * @param user who it is, or who it says it is where nobody has to prove anything; likewise
 * @param viewOnly its input is dropped
 */
public record ViewerIdentity(InetSocketAddress remote, String clientName, String user, boolean viewOnly) {
    public ViewerIdentity {
        Objects.requireNonNull(remote);
        Objects.requireNonNull(clientName);
        Objects.requireNonNull(user);
    }
}
