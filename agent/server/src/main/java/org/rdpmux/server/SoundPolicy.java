// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server;

/** Which viewers hear what guests play. */
public enum SoundPolicy {
    /** Nobody, and no client is offered it. */
    OFF,
    /** Those that may type. */
    CONTROL,
    /** All, those that only look on among them. */
    ALL;

    /** @param controls whether the viewer may type */
    public boolean allows(boolean controls) {
        return this == ALL || this == CONTROL && controls;
    }
}
