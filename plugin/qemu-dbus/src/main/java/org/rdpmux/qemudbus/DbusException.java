// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.qemudbus;

/** The connection cannot go on. The message is a sentence's predicate about the display: "sent ...", "refused ...". */
final class DbusException extends RuntimeException {

    private static final long serialVersionUID = 1;

    DbusException(String message) {
        super(message);
    }

    /** QEMU sent something that the protocol or our bounds do not allow. */
    static DbusException violation(String structure, String reason) {
        return new DbusException("broke the protocol: " + structure + " " + reason);
    }
}
