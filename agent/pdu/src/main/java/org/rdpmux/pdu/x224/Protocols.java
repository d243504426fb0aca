// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.x224;

/** Security protocols, as flags in requests and as one value in answers ([MS-RDPBCGR] 2.2.1.1.1, 2.2.1.2.1). */
public final class Protocols {

    /** Standard RDP security. */
    public static final int RDP = 0;
    /** TLS. */
    public static final int SSL = 0x01;
    /** CredSSP inside TLS. */
    public static final int HYBRID = 0x02;

    public static final int RDSTLS = 0x04;
    /** CredSSP inside TLS, then the Early User Authorization Result PDU. */
    public static final int HYBRID_EX = 0x08;

    public static final int RDSAAD = 0x10;

    private Protocols() {}
}
