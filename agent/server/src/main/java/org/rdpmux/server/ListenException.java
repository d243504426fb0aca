// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server;

import java.io.IOException;

/** An address cannot be listened on. The message is a sentence that says what was tried and what the system said. */
public final class ListenException extends IOException {

    private static final long serialVersionUID = 1;

    private final Reason reason;

    /** What the system said, as far as anything follows from it. */
    public enum Reason {
        /** Somebody else listens there: EADDRINUSE. Other ports of the address may be free. */
        PORT_IN_USE,
        /** No network interface has the address, or none has it yet: EADDRNOTAVAIL. That holds for its every port. */
        NO_SUCH_ADDRESS,
        /** Anything else; nothing is known of other ports. */
        OTHER
    }

    public ListenException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
