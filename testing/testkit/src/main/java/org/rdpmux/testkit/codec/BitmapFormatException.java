// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.testkit.codec;

/** A bitmap's bytes are not what the specification allows. */
public final class BitmapFormatException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public BitmapFormatException(String message) {
        super(message);
    }
}
