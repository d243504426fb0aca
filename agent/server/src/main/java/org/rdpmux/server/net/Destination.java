// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.net;

import org.rdpmux.security.access.Authentication;
import org.rdpmux.server.Entry;
import org.rdpmux.server.console.GuestConsole;
import org.rdpmux.server.login.LoginContext;

/**
 * Where a connection leads.
 *
 * @param entry as the route has it
 * @param console the entry's
 * @param login where clients prove who they are
 * @param security what they have to prove
 */
public record Destination(Entry entry, GuestConsole console, LoginContext login, Authentication security) {}
