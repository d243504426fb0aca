// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon.access;

import java.io.IOException;
import java.util.Optional;
import java.util.UUID;
import org.rdpmux.libvirt.GraphicsPassword;
import org.rdpmux.security.access.ConsolePassword;
import org.rdpmux.security.access.ConsolePasswords;
import org.rdpmux.security.access.CredentialStore;
import org.rdpmux.security.access.NtHash;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The passwords that libvirt holds for its domains' graphics. While libvirt cannot be asked they let nobody in; users of
 * other stores are let in. Thread safe.
 */
public final class GraphicsPasswords {

    private static final Logger LOG = LoggerFactory.getLogger(GraphicsPasswords.class);

    private final Asker asker;
    private volatile String lastProblem = "";

    /** Asks libvirt. */
    @FunctionalInterface
    public interface Asker {
        /**
         * May block for a bounded time.
         *
         * @param index among the domain's graphics elements
         * @return the caller's to wipe; empty if there is no password
         * @throws IOException with a sentence for people
         */
        Optional<GraphicsPassword> ask(UUID domain, int index) throws IOException;
    }

    GraphicsPasswords(Asker asker) {
        this.asker = asker;
    }

    /** What lets in whoever knows the password of one console. */
    CredentialStore of(UUID domain, int index) {
        return new ConsolePasswords(console -> {
            try {
                Optional<ConsolePassword> password = asker.ask(domain, index).flatMap(GraphicsPasswords::take);
                lastProblem = "";
                return password;
            } catch (IOException e) {
                String problem = String.valueOf(e.getMessage());
                if (!problem.equals(lastProblem)) {
                    lastProblem = problem;
                    LOG.warn("no console password lets anybody in for now: {}", problem);
                }
                return Optional.empty();
            }
        });
    }

    private static Optional<ConsolePassword> take(GraphicsPassword held) {
        try {
            // A client cannot send a longer one.
            return held.password().length > NtHash.MAX_PASSWORD
                    ? Optional.empty()
                    : ConsolePassword.of(held.password(), held.validTo());
        } finally {
            held.wipe();
        }
    }
}
