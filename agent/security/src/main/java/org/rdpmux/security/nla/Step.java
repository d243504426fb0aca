// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.security.nla;

import org.rdpmux.security.access.Claim;
import org.rdpmux.security.access.Credential;

/** What is to be done next. */
public sealed interface Step {

    /** Send {@code bytes}, which may be none, and give the client's next message to {@link CredSspServer#on}. */
    record Reply(byte[] bytes) implements Step {}

    /**
     * Look up who {@code claim} may be, on whatever thread, and call {@link CredSspServer#answer} or
     * {@link CredSspServer#refuse}. No message is expected until then.
     */
    record Identify(Claim claim) implements Step {}

    /**
     * The client has proven to be {@code credential}'s account. Redeem the credential, decide whether the account may see
     * the console, and, where HYBRID_EX was negotiated, tell the client with {@link CredSspServer#earlyAuthorization}.
     */
    record Proven(Claim claim, Credential credential) implements Step {}

    /**
     * No login. Send {@code bytes}, which may be none, flush, and close.
     *
     * @param refusal for the audit trail
     * @param detail a sentence or a word for the log that holds no secret; the client's strings in it are not escaped
     */
    record Refused(byte[] bytes, Refusal refusal, String detail) implements Step {}
}
