// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.testkit.rdp;

import java.io.IOException;

/** The server refused the connection and said why. */
public final class RefusedException extends IOException {

    private static final long serialVersionUID = 1L;

    private final int code;

    RefusedException(String what, int code) {
        super(what + " 0x" + Integer.toHexString(code));
        this.code = code;
    }

    /** Failure code of the negotiation, or error info. */
    public int code() {
        return code;
    }
}
