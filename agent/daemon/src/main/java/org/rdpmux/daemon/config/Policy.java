// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon.config;

/** What clients of an endpoint must prove before they see anything. */
public enum Policy {
    /** Who they are, by CredSSP before the RDP connection begins. */
    NLA,
    /** Who they are, by name and password inside TLS. */
    TLS,
    /** Nothing. */
    NONE;

    /** @throws IllegalArgumentException the end of a sentence that begins with the text */
    public static Policy parse(String text) {
        return switch (text) {
            case "nla" -> NLA;
            case "tls" -> TLS;
            case "none" -> NONE;
            default -> throw new IllegalArgumentException("is not one of 'nla', 'tls', 'none'");
        };
    }
}
