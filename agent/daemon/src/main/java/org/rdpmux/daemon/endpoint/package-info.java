// SPDX-License-Identifier: Apache-2.0
/**
 * Which consoles are served where. {@link org.rdpmux.daemon.endpoint.KnownConsole}s come in, a {@link
 * org.rdpmux.daemon.endpoint.Plan} says which endpoints are wanted for them, and the {@link
 * org.rdpmux.daemon.endpoint.EndpointManager} makes it so. Everything here belongs to the agent thread.
 */
package org.rdpmux.daemon.endpoint;
