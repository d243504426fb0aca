// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server;

import java.util.Objects;
import java.util.Optional;
import org.rdpmux.pdu.PreconnectionPdu;

/**
 * What a client says before anything is decided about it, all of it in the clear and the client's own word.
 *
 * @param preconnection what it sent before anything else ([MS-RDPEPS]): it may name a console
 * @param cookie routing token or cookie of its X.224 Connection Request, as {@link
 *     org.rdpmux.pdu.x224.ConnectionRequest#cookie} has it; empty if there is none, and for clients that begin with TLS
 */
public record Opening(Optional<PreconnectionPdu> preconnection, String cookie) {
    public Opening {
        Objects.requireNonNull(preconnection);
        Objects.requireNonNull(cookie);
    }
}
