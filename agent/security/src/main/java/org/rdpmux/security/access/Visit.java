// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.security.access;

import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.Objects;

/**
 * A connection that wants in.
 *
 * @param source the client's address as this host sees it
 * @param console which console it leads to
 * @param method how it is to prove itself
 * @param began when it was accepted
 */
public record Visit(InetSocketAddress source, ConsoleRef console, Method method, Instant began) {

    public Visit {
        Objects.requireNonNull(source);
        Objects.requireNonNull(console);
        Objects.requireNonNull(method);
        Objects.requireNonNull(began);
    }

    /** How a client proves itself. */
    public enum Method {
        /** CredSSP with NTLMv2. */
        NLA("nla"),
        /** Name and password inside TLS. */
        TLS("tls"),
        /** Not at all. */
        NONE("none");

        private final String text;

        Method(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }
}
