// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.connection;

import java.util.OptionalInt;
import org.rdpmux.security.access.Authentication;

/**
 * What the X.224 exchange agreed on.
 *
 * @param requestedProtocols as the client sent them
 * @param selectedProtocol empty if the client did not negotiate (inside a TLS connection begun directly)
 */
record Negotiated(
        ConnectionConfig config,
        Authentication policy,
        String cookie,
        int requestedProtocols,
        OptionalInt selectedProtocol) {}
