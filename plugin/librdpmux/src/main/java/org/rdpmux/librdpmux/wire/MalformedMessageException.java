// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.librdpmux.wire;

/** What a guest sent does not follow the protocol; the message names the structure, the field and the reason. */
public final class MalformedMessageException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public MalformedMessageException(String message) {
        super(message);
    }
}
