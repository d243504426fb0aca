// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.security.nla;

import java.util.Optional;
import org.rdpmux.security.access.Claim;
import org.rdpmux.security.access.Credential;

/** What is to be done next. */
public sealed interface CredSspStep {

    /** Send {@code bytes}, which may be none, and give the client's next message to {@link CredSspServer#on}. */
    record Reply(byte[] bytes) implements CredSspStep {}

    /**
     * Look up who {@code claim} may be, on whatever thread, and call {@link CredSspServer#answer} or
     * {@link CredSspServer#refuse}. No message is expected until then.
     */
    record Identify(Claim claim) implements CredSspStep {}

    /**
     * The client has proven to be {@code credential}'s account. Redeem the credential, decide whether the account may see
     * the console, and, where HYBRID_EX was negotiated, tell the client with {@link CredSspServer#earlyAuthorization}.
     */
    record Proven(Claim claim, Credential credential) implements CredSspStep {}

    /**
     * No login. Send {@code bytes}, which may be none, flush, and close.
     *
     * @param refusal why
     * @param detail a sentence for the log, without secrets and without the client's strings
     * @param credential whose secret it knew, where that may not be used
     */
    record Refused(byte[] bytes, Refusal refusal, String detail, Optional<Credential> credential)
            implements CredSspStep {}
}
