// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.security.tls;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Why clients may refuse a certificate, as far as the server can tell. What is said continues "the certificate ...". */
public final class CertificateHealth {

    /** So long before a certificate expires it is worth a word. */
    public static final Duration NOTICE = Duration.ofDays(30);

    /** Of SubjectAltName (RFC 5280 section 4.2.1.6). */
    private static final int DNS_NAME = 2;

    private static final int IP_ADDRESS = 7;

    private static final int MAX_SHOWN = 5;

    private CertificateHealth() {}

    /** What is wrong with the time of a server's certificate or of one of its issuers. */
    public static List<String> ofTime(TlsIdentity identity, Instant now) {
        List<String> problems = new ArrayList<>();
        for (X509Certificate certificate : identity.chain()) {
            String which = certificate == identity.certificate()
                    ? ""
                    : "has an issuer, " + certificate.getSubjectX500Principal().getName() + ", that ";
            Instant from = certificate.getNotBefore().toInstant();
            Instant until = certificate.getNotAfter().toInstant();
            if (now.isBefore(from)) {
                problems.add(which + "is not valid before " + date(from));
            } else if (now.isAfter(until)) {
                problems.add(which + "expired on " + date(until));
            } else if (now.plus(NOTICE).isAfter(until)) {
                problems.add(which + "expires on " + date(until) + ", in "
                        + Duration.between(now, until).toDays() + " days");
            }
        }
        return problems;
    }

    /**
     * Whether a certificate is for other hosts alone. Wildcards may be for any.
     *
     * @param host what this host calls itself; it may have more labels in the certificate
     * @param address on which clients are listened for
     */
    public static Optional<String> ofName(TlsIdentity identity, String host, InetAddress address) {
        Collection<List<?>> names;
        try {
            names = identity.certificate().getSubjectAlternativeNames();
        } catch (CertificateParsingException e) {
            return Optional.of("has names that cannot be read: " + e.getMessage());
        }
        if (names == null) {
            return Optional.of("has no subjectAltName, where clients look for the host's name");
        }
        List<String> others = new ArrayList<>();
        for (List<?> name : names) {
            String text = String.valueOf(name.get(1)).toLowerCase(Locale.ROOT);
            boolean fits = name.get(0).equals(DNS_NAME) && isFor(text, host.toLowerCase(Locale.ROOT), address)
                    || name.get(0).equals(IP_ADDRESS) && isFor(text, address);
            if (fits) {
                return Optional.empty();
            }
            if (name.get(0).equals(IP_ADDRESS)
                    || !isLiteral(text)) { // some certificates have addresses twice, for FreeRDP
                others.add(text);
            }
        }
        return Optional.of("is for "
                + String.join(", ", others.subList(0, Math.min(MAX_SHOWN, others.size())))
                + ", but this host calls itself " + host + " and listens on " + address.getHostAddress());
    }

    private static boolean isFor(String name, String host, InetAddress address) {
        return name.startsWith("*.")
                || name.equals(host)
                || name.startsWith(host + ".")
                || host.startsWith(name + ".")
                || name.equals("localhost") && address.isLoopbackAddress();
    }

    private static boolean isLiteral(String name) {
        return name.indexOf(':') >= 0 || name.chars().allMatch(c -> c == '.' || c >= '0' && c <= '9');
    }

    private static boolean isFor(String literal, InetAddress address) {
        try {
            return address.isAnyLocalAddress() || InetAddress.getByName(literal).equals(address);
        } catch (UnknownHostException e) {
            return false; // a literal is looked up nowhere
        }
    }

    private static LocalDate date(Instant instant) {
        return LocalDate.ofInstant(instant, ZoneId.systemDefault());
    }
}
