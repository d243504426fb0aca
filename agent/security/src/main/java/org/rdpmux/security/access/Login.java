// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.security.access;

import java.util.Objects;
import java.util.Optional;

/**
 * Somebody who was let in.
 *
 * @param account as the store spells it; empty where nobody has to prove anything
 * @param source the store; empty likewise
 * @param role what it may do
 */
public record Login(String account, Optional<Credential.Source> source, Role role) {

    public Login {
        Objects.requireNonNull(account);
        Objects.requireNonNull(source);
        Objects.requireNonNull(role);
    }
}
