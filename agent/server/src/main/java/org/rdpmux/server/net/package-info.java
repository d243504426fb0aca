// SPDX-License-Identifier: Apache-2.0
/**
 * The clients' connections on Netty: transports, routes, TLS, framing, and the handler that drives the connection
 * sequence of {@link org.rdpmux.server.connection}. One connection lives on one client loop.
 */
package org.rdpmux.server.net;
