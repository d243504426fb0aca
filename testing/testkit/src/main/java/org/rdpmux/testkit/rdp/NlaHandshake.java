// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.testkit.rdp;

import java.io.IOException;
import javax.net.ssl.SSLSocket;

/** The client's side of CredSSP, on a socket whose TLS handshake is over. Must read no byte beyond. */
@FunctionalInterface
public interface NlaHandshake {

    /**
     * Authenticates, or throws.
     *
     * @param earlyUserAuthorization the server selected HYBRID_EX: its four bytes of authorization result follow CredSSP
     *     and are this method's to read
     */
    void perform(SSLSocket socket, boolean earlyUserAuthorization) throws IOException;
}
