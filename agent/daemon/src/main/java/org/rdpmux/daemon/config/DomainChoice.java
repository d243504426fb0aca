// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon.config;

/** Which domains get an endpoint where their own XML does not say. */
public enum DomainChoice {
    /** Every domain but those whose metadata says {@code enabled='no'}. */
    ALL,
    /** Only domains whose metadata says {@code enabled='yes'} or pins a port. */
    MARKED;

    static DomainChoice parse(String text) {
        return switch (text) {
            case "all" -> ALL;
            case "marked" -> MARKED;
            default -> throw new IllegalArgumentException("is neither 'all' nor 'marked'");
        };
    }
}
