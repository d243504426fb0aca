// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon.endpoint;

import java.net.InetSocketAddress;
import java.util.Objects;
import java.util.Optional;
import org.rdpmux.server.EndpointPolicy;

/**
 * A console that is served, as it is wanted or as it is.
 *
 * @param name what viewers are told
 * @param display where its pixels come from
 * @param place where it listens; empty only in what is, if it does not
 */
record EndpointSpec(String name, DisplayOffer display, Optional<Place> place) {

    /** An address and who may come in there. */
    record Place(InetSocketAddress address, EndpointPolicy policy) {
        Place {
            Objects.requireNonNull(address);
            Objects.requireNonNull(policy);
        }
    }

    EndpointSpec {
        Objects.requireNonNull(name);
        Objects.requireNonNull(display);
        Objects.requireNonNull(place);
    }
}
