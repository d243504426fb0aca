// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon.endpoint;

import java.util.Objects;
import java.util.Optional;
import org.rdpmux.security.access.Authentication;

/**
 * What a console's own settings say about who may see it.
 *
 * @param policy what clients must prove; empty for what the configuration says for all
 * @param graphics the index among its domain's graphics of the one whose libvirt password lets somebody in; empty for none
 */
public record AccessTerms(Optional<Authentication> policy, Optional<Integer> graphics) {

    /** Nothing of its own. */
    public static final AccessTerms NONE = new AccessTerms(Optional.empty(), Optional.empty());

    public AccessTerms {
        Objects.requireNonNull(policy);
        Objects.requireNonNull(graphics);
    }
}
