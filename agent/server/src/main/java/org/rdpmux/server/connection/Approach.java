// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.connection;

/** How a client comes to TLS ([MS-RDPBCGR] 5.4.2). */
public enum Approach {
    /** 5.4.2.1 Negotiation-Based Approach: X.224 in the clear, then TLS. */
    NEGOTIATED,
    /** 5.4.2.2 Direct Approach: TLS first, and X.224, if at all, inside. */
    DIRECT
}
