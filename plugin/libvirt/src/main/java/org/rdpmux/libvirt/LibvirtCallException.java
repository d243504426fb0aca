// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.libvirt;

import java.io.IOException;

/** A call to libvirt that failed, timed out, or could not be made; the message is a sentence for people. */
public sealed class LibvirtCallException extends IOException {
    private static final long serialVersionUID = 1;

    LibvirtCallException(String message) {
        super(message);
    }

    LibvirtCallException(String message, Throwable cause) {
        super(message, cause);
    }

    /** The domain is not there. */
    static final class NoDomain extends LibvirtCallException {
        private static final long serialVersionUID = 1;

        NoDomain(String message) {
            super(message);
        }
    }
}
