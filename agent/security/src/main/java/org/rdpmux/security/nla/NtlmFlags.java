// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.security.nla;

/** [MS-NLMP] 2.2.2.5 NEGOTIATE, the flags we know. */
final class NtlmFlags {

    static final int UNICODE = 0x00000001;
    static final int REQUEST_TARGET = 0x00000004;
    static final int SIGN = 0x00000010;
    static final int SEAL = 0x00000020;
    static final int NTLM = 0x00000200;
    static final int ANONYMOUS = 0x00000800;
    static final int ALWAYS_SIGN = 0x00008000;
    static final int TARGET_TYPE_SERVER = 0x00020000;
    static final int EXTENDED_SESSIONSECURITY = 0x00080000;
    static final int TARGET_INFO = 0x00800000;
    static final int VERSION = 0x02000000;
    static final int KEY_128 = 0x20000000;
    static final int KEY_EXCH = 0x40000000;
    static final int KEY_56 = 0x80000000;

    /** Without these there is no session worth having: the client must offer them, and keep to them when it authenticates. */
    static final int REQUIRED = UNICODE | SIGN | SEAL | NTLM | EXTENDED_SESSIONSECURITY | KEY_128 | KEY_EXCH;

    /** What the server says of itself whatever the client offers. */
    static final int SERVER = REQUEST_TARGET | TARGET_TYPE_SERVER | TARGET_INFO | ALWAYS_SIGN | VERSION;

    private NtlmFlags() {}
}
