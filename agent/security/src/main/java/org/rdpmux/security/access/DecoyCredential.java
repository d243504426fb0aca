// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.security.access;

import java.security.SecureRandom;
import java.util.Optional;

/** Stands where a user's credential would be if there were such a user. Nobody knows its secret. */
final class DecoyCredential implements Credential {

    private final Source source;
    private final NtHash hash;

    DecoyCredential(Source source, SecureRandom random) {
        this.source = source;
        hash = NtHash.decoy(random);
    }

    @Override
    public NtHash ntHash() {
        return hash;
    }

    @Override
    public String account() {
        return "";
    }

    @Override
    public Source source() {
        return source;
    }

    @Override
    public boolean viewOnly() {
        return true;
    }

    @Override
    public Optional<Denial> denial(Moment now) {
        return Optional.of(Denial.NO_SUCH_USER);
    }
}
