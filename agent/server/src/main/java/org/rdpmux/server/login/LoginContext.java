// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.login;

import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.rdpmux.security.access.Admission;
import org.rdpmux.security.access.ConsoleRef;
import org.rdpmux.security.access.LoginRequest;
import org.rdpmux.security.access.Moment;
import org.rdpmux.server.EndpointPolicy;
import org.rdpmux.server.ServerOptions;

/**
 * Where the clients of an endpoint prove who they are.
 *
 * @param access what all endpoints share
 * @param policy the endpoint's
 * @param console as it is called now
 * @param lookups runs look-ups, which may block
 */
public record LoginContext(
        ServerOptions.Access access,
        EndpointPolicy policy,
        Supplier<ConsoleRef> console,
        Executor lookups,
        Clock clock) {

    /** A client's way in. */
    public Admission admission(InetSocketAddress remote) {
        LoginRequest request = new LoginRequest(remote, console.get(), policy.authentication(), Moment.now(clock));
        return access.gate().admission(request, policy.credentials());
    }
}
