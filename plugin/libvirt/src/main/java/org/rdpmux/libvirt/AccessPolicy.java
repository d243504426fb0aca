// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.libvirt;

import java.util.Locale;

/** What a domain's metadata asks clients of its endpoint to prove. */
public enum AccessPolicy {
    /** Who they are, before the RDP connection begins. */
    NLA,
    /** Who they are, by name and password inside TLS. */
    TLS,
    /** Nothing. */
    NONE;

    /** As it stands in the metadata. */
    String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
