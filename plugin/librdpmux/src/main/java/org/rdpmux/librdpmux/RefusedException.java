// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.librdpmux;

/** A guest may not register; the message says why. */
final class RefusedException extends Exception {

    private static final long serialVersionUID = 1L;

    RefusedException(String message) {
        super(message);
    }
}
