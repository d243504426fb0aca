// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.security.nla;

/** Why CredSSP ended without a login, and the NTSTATUS that the client is told ([MS-CSSP] 2.2.1 errorCode). */
public enum Refusal {
    /** Bytes that are not what the protocol has at this point. The client is told nothing. */
    MALFORMED("malformed", 0),
    /** A client whose offer is too old or too weak: NTLMv1, no sealing, no NTLM at all, an old CredSSP version. */
    UNSUPPORTED("unsupported", Refusal.STATUS_NOT_SUPPORTED),
    /** No candidate's secret was used for the response; whether the user exists does not show. */
    WRONG_CREDENTIALS("wrong-credentials", Refusal.STATUS_LOGON_FAILURE),
    /** The right secret, but it may not be used, such as a ticket that was used before; the client sees no difference. */
    DENIED_CREDENTIAL("denied-credential", Refusal.STATUS_LOGON_FAILURE),
    /** No user name, or no response at all. */
    ANONYMOUS("anonymous", Refusal.STATUS_LOGON_FAILURE),
    /** The right secret, but messages were changed on the way (message integrity code). */
    TAMPERED("tampered", Refusal.STATUS_LOGON_FAILURE),
    /** The right secret, but the client talks TLS with somebody else's certificate: a relay in between. */
    RELAYED("relayed", Refusal.STATUS_LOGON_FAILURE),
    /** Not tried, since too many attempts failed before; the client sees no difference. */
    LOCKED_OUT("locked-out", Refusal.STATUS_LOGON_FAILURE),
    /** Not tried, since the place where the secrets are cannot be asked now. */
    UNAVAILABLE("store-unavailable", Refusal.STATUS_LOGON_FAILURE);

    private static final int STATUS_LOGON_FAILURE = 0xC000006D;
    private static final int STATUS_NOT_SUPPORTED = 0xC00000BB;

    private final String text;
    private final int status;

    Refusal(String text, int status) {
        this.text = text;
        this.status = status;
    }

    /** The NTSTATUS for the client; 0 if it is told nothing. */
    public int status() {
        return status;
    }

    /** As the audit trail has it, such as {@code wrong-credentials}. */
    @Override
    public String toString() {
        return text;
    }
}
