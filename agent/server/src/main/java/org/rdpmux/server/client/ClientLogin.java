// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.client;

import java.net.InetSocketAddress;
import org.rdpmux.security.access.Login;
import org.rdpmux.security.access.Role;

/** Who a client is: where it comes from, and what it has logged in as. */
public record ClientLogin(InetSocketAddress remote, Login login) {

    /** Whether it may type. */
    boolean controls() {
        return login.role() == Role.CONTROL;
    }
}
