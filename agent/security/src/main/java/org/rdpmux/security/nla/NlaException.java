// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.security.nla;

/** A client's bytes break a rule; the message names structure, field and reason. Never leaves this package. */
final class NlaException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Refusal refusal;

    NlaException(Refusal refusal, String message) {
        // A stack trace for each malformed message would be a gift to whoever sends them.
        super(message, null, false, false);
        this.refusal = refusal;
    }

    NlaException(String message) {
        this(Refusal.MALFORMED, message);
    }

    Refusal refusal() {
        return refusal;
    }
}
