// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.vnc;

/** The connection cannot go on. The message is a sentence's predicate about the display: "sent ...", "refused ...". */
final class RfbException extends RuntimeException {

    private static final long serialVersionUID = 1;

    RfbException(String message) {
        super(message);
    }

    /** The server sent something that the protocol or our bounds do not allow. */
    static RfbException violation(String structure, String field, String reason) {
        return new RfbException("broke the protocol: " + structure + " " + field + " " + reason);
    }
}
