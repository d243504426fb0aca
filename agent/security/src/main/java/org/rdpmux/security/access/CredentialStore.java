// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.security.access;

import java.io.IOException;
import java.util.List;

/** Where secrets are kept that clients may prove to know. May be used from any thread. */
@FunctionalInterface
public interface CredentialStore {

    /**
     * Every credential that may be meant by {@code claim} at the console of {@code request}, also those that may not be used
     * any more, so that the audit trail can say why. May block for a bounded time.
     *
     * <p>INVARIANT: for a user that does not exist the answer is as long as for one that does ({@link DecoyCredential}
     * fills the place), so that neither the time nor the answer of a login tells which users there are.
     *
     * @throws IOException a sentence for the log, if the store cannot be asked now; the login fails then
     */
    List<Credential> find(Claim claim, LoginRequest request, Moment now) throws IOException;

    /**
     * Those of {@link #find}'s answer that are in memory and whose secrets nobody can guess, so that limits on guessing do
     * not concern them. Does not block; empty for a user that does not exist.
     */
    default List<Credential> unguessable(Claim claim, LoginRequest request, Moment now) {
        return List.of();
    }

    /** Asks several stores in their order. One that cannot be asked is as if all could not. */
    static CredentialStore all(List<CredentialStore> stores) {
        return new SeveralStores(List.copyOf(stores));
    }
}
