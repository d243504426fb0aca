// SPDX-License-Identifier: Apache-2.0
/**
 * The RDP server as its user sees it: a {@link org.rdpmux.server.RdpServer} owns threads and limits, a {@link
 * org.rdpmux.server.Console} is one guest's screen with its viewers, an {@link org.rdpmux.server.Endpoint} is an address
 * that leads to a console. Only the types of this package are meant for other modules.
 */
package org.rdpmux.server;
