// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.security.access;

/** How a client proves who it is, the strictest way first. The connection is encrypted with TLS in any case. */
public enum Authentication {
    /** Network level authentication: CredSSP with NTLMv2 before the RDP connection begins. */
    NLA("nla"),
    /** Name and password inside TLS: they come with the client's Info PDU. */
    TLS("tls"),
    /** Not at all: whoever reaches the endpoint is let in. */
    NONE("none");

    private final String text;

    Authentication(String text) {
        this.text = text;
    }

    /**
     * Reads what {@link #toString} gives, as configurations and metadata have it.
     *
     * @throws IllegalArgumentException the end of a sentence that begins with the text
     */
    public static Authentication parse(String text) {
        return switch (text) {
            case "nla" -> NLA;
            case "tls" -> TLS;
            case "none" -> NONE;
            default -> throw new IllegalArgumentException("is not one of 'nla', 'tls', 'none'");
        };
    }

    /** Whether this asks for no less than {@code other}. */
    public boolean isAtLeast(Authentication other) {
        return compareTo(other) <= 0;
    }

    @Override
    public String toString() {
        return text;
    }
}
