// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.display;

/** There is no memory for a screen's pixels. The message is a clause for people that says why. */
public final class PixelsUnavailableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    PixelsUnavailableException(String message) {
        // Without a stack trace: it is an answer, and making one takes memory.
        super(message, null, false, false);
    }
}
