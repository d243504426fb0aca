// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.libvirt;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What a domain's metadata says about its endpoint:
 * {@code <rdpmux:vm xmlns:rdpmux="urn:rdpmux:domain:1.0" enabled="yes" port="3905" policy="nla"/>}.
 *
 * @param enabled whether the domain is to have an endpoint; empty leaves it to the agent's configuration
 * @param port the TCP port pinned for it, 1 to 65535; empty leaves it to the agent
 * @param policy what clients must prove at it, one of {@link #POLICIES}; empty leaves it to the agent's configuration. A
 *     value that means nothing counts as {@link #STRICTEST_POLICY}, so that a typing error never opens a console.
 * @param problems sentences about attributes that are unknown or have values that mean nothing; such attributes count as
 *     not set. At most {@link #PROBLEM_LIMIT}.
 */
public record DomainMetadata(
        Optional<Boolean> enabled, OptionalInt port, Optional<String> policy, List<String> problems) {

    /** The namespace of the metadata element; libvirt keeps one element per namespace. */
    public static final String NAMESPACE = "urn:rdpmux:domain:1.0";

    /** Network level authentication. */
    public static final String STRICTEST_POLICY = "nla";

    /** What an attribute {@code policy} may say: the words of the agent's configuration. */
    public static final Set<String> POLICIES = Set.of(STRICTEST_POLICY, "tls", "none");

    /** The most problems kept of one domain: the rest would say the same. */
    public static final int PROBLEM_LIMIT = 8;

    /** Nothing set. */
    public static final DomainMetadata NONE = new DomainMetadata(Optional.empty(), OptionalInt.empty());

    public DomainMetadata {
        Objects.requireNonNull(enabled);
        policy.ifPresent(text -> {
            if (!POLICIES.contains(text)) {
                throw new IllegalArgumentException("policy " + text + " is none of " + POLICIES);
            }
        });
        problems = List.copyOf(problems);
        if (port.isPresent() && (port.getAsInt() < 1 || port.getAsInt() > 65535)) {
            throw new IllegalArgumentException("port " + port.getAsInt() + " is not 1 to 65535");
        }
        if (problems.size() > PROBLEM_LIMIT) {
            throw new IllegalArgumentException(problems.size() + " problems");
        }
    }

    public DomainMetadata(Optional<Boolean> enabled, OptionalInt port) {
        this(enabled, port, Optional.empty(), List.of());
    }
}
