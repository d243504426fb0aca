// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.security.access;

/** What somebody may do at a console. */
public enum Role {
    /** See the screen and use keyboard and mouse. */
    CONTROL("control"),
    /** See the screen. */
    VIEW_ONLY("view-only");

    private final String text;

    Role(String text) {
        this.text = text;
    }

    /** As rules and the audit trail have it. */
    @Override
    public String toString() {
        return text;
    }
}
