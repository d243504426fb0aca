// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.security.access;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Lets in whoever knows a console's own password, under any user name. Where a console has none, nobody: an empty password
 * does not open it.
 */
public final class ConsolePasswords implements CredentialStore {

    /** The account in roles and the audit trail. */
    public static final String ACCOUNT = "console-password";

    private final Lookup lookup;
    private final Credential decoy = new DecoyCredential(Credential.Source.CONSOLE_PASSWORD, new SecureRandom());

    /** Where the passwords are to be had. */
    @FunctionalInterface
    public interface Lookup {
        /**
         * The console's password now; empty if it has none. May block for a bounded time.
         *
         * @throws IOException a sentence for the log, if it cannot be asked
         */
        Optional<ConsolePassword> passwordOf(ConsoleRef console) throws IOException;
    }

    public ConsolePasswords(Lookup lookup) {
        this.lookup = Objects.requireNonNull(lookup);
    }

    @Override
    public List<Credential> find(Claim claim, LoginRequest request, Moment now) throws IOException {
        Optional<ConsolePassword> password = lookup.passwordOf(request.console());
        return List.of(password.isPresent() ? new Known(password.get()) : decoy);
    }

    private record Known(ConsolePassword password) implements Credential {
        @Override
        public NtHash ntHash() {
            return password.hash();
        }

        @Override
        public String account() {
            return ACCOUNT;
        }

        @Override
        public Source source() {
            return Source.CONSOLE_PASSWORD;
        }

        @Override
        public boolean viewOnly() {
            return false;
        }

        @Override
        public Optional<Denial> denial(Moment now) {
            boolean expired = password.expires().isPresent()
                    && !now.time().isBefore(password.expires().get());
            return expired ? Optional.of(Denial.EXPIRED) : Optional.empty();
        }
    }
}
