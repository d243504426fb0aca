// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.codec;

/** A video encoder is not to be had, or has failed. The message says what was tried and what came of it. */
public final class VideoException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public VideoException(String message) {
        super(message);
    }
}
