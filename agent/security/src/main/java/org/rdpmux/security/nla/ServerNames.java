// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.security.nla;

import java.util.Locale;

/**
 * What the server calls itself towards clients that begin to authenticate. Anybody who reaches the port can read it.
 *
 * @param netBios name of the host, and of the domain it stands in for: 1 to 15 characters
 * @param dns name of the host
 * @param dnsDomain what follows the first dot of {@code dns}; the whole of it if there is none
 */
public record ServerNames(String netBios, String dns, String dnsDomain) {

    private static final int MAX_NETBIOS = 15;

    /** RFC 1035 section 2.3.4. */
    private static final int MAX_DNS = 255;

    public ServerNames {
        if (netBios.isEmpty() || netBios.length() > MAX_NETBIOS) {
            throw new IllegalArgumentException("'" + netBios + "' is not 1 to " + MAX_NETBIOS + " characters long");
        }
        if (dns.isEmpty() || dns.length() > MAX_DNS || dnsDomain.isEmpty() || dnsDomain.length() > MAX_DNS) {
            throw new IllegalArgumentException("a DNS name has 1 to " + MAX_DNS + " characters");
        }
    }

    /** The names that follow from a host name such as {@code kvm1.example.org}. */
    public static ServerNames of(String hostName) {
        int dot = hostName.indexOf('.');
        String label = dot < 0 ? hostName : hostName.substring(0, dot);
        String netBios =
                label.substring(0, Math.min(label.length(), MAX_NETBIOS)).toUpperCase(Locale.ROOT);
        return new ServerNames(netBios, hostName, dot < 0 ? hostName : hostName.substring(dot + 1));
    }
}
