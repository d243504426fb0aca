// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.security.access;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Stores that are asked in their order. */
record SeveralStores(List<CredentialStore> stores) implements CredentialStore {

    @Override
    public List<Credential> find(Claim claim, LoginRequest request, Moment now) throws IOException {
        List<Credential> found = new ArrayList<>();
        for (CredentialStore store : stores) {
            found.addAll(store.find(claim, request, now));
        }
        return found;
    }

    @Override
    public List<Credential> unguessable(Claim claim, LoginRequest request, Moment now) {
        return stores.stream()
                .flatMap(store -> store.unguessable(claim, request, now).stream())
                .toList();
    }
}
