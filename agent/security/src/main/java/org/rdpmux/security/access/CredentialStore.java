// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.security.access;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Where secrets are kept that clients may prove to know. May be used from any thread. */
@FunctionalInterface
public interface CredentialStore {

    /**
     * Every credential that may be meant by {@code claim} at {@code console}, also those that may not be used any more, so
     * that the audit trail can say why. May block for a bounded time.
     *
     * <p>INVARIANT: for a user that does not exist the answer is as long as for one that does ({@link DecoyCredential}
     * fills the place), so that neither the time nor the answer of a login tells which users there are.
     *
     * @throws IOException a sentence for the log, if the store cannot be asked now; the login fails then
     */
    List<Credential> find(Claim claim, ConsoleRef console, Instant now) throws IOException;

    /** Asks several stores in their order. One that cannot be asked is as if all could not. */
    static CredentialStore all(List<CredentialStore> stores) {
        List<CredentialStore> copy = List.copyOf(stores);
        return (claim, console, now) -> {
            List<Credential> found = new ArrayList<>();
            for (CredentialStore store : copy) {
                found.addAll(store.find(claim, console, now));
            }
            return found;
        };
    }
}
