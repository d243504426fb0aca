// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.security.access;

import java.util.Objects;

/**
 * Who a client says it is, before anything is proven. Every string is the client's: escape it where it is shown.
 *
 * @param user as sent: {@code user}, {@code user@realm} or {@code DOMAIN\\user}; not empty
 * @param domain as sent; may be empty
 * @param workstation what the client calls its own machine; may be empty
 */
public record Claim(String user, String domain, String workstation) {

    public Claim {
        Objects.requireNonNull(user);
        Objects.requireNonNull(domain);
        Objects.requireNonNull(workstation);
    }
}
