// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.security.tls;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.util.IPAddress;

/** The names under which clients may reach this host. */
public final class LocalNames {

    /** A host with hundreds of bridge addresses needs no certificate that lists them all. */
    private static final int MAX_NAMES = 64;

    /** Of 16 bits, in an IPv6 address. */
    private static final int GROUPS = 8;

    private static final Pattern HOST_NAME =
            Pattern.compile("[A-Za-z0-9](?:[A-Za-z0-9_-]{0,62})(?:\\.[A-Za-z0-9_-]{1,63})*\\.?");

    private LocalNames() {}

    /**
     * The host's name, its name with domain if the resolver knows it, {@code localhost}, and the addresses of its
     * interfaces without link-local ones; at least one. May ask the resolver, so call it where blocking is allowed.
     */
    public static List<String> collect() throws IOException {
        Set<String> names = new LinkedHashSet<>();
        try {
            InetAddress local = InetAddress.getLocalHost();
            addHostName(names, local.getCanonicalHostName());
            addHostName(names, local.getHostName());
        } catch (UnknownHostException ignored) {
            // A host that cannot resolve its own name is still reached by address, and by those who can.
        }
        addHostName(
                names, Files.readString(Path.of("/proc/sys/kernel/hostname")).strip());
        names.add("localhost");
        try {
            for (NetworkInterface network : Collections.list(NetworkInterface.getNetworkInterfaces())) {
                network.inetAddresses()
                        .filter(address -> !address.isLinkLocalAddress())
                        .map(LocalNames::literal)
                        .forEach(names::add);
            }
        } catch (SocketException e) {
            throw new IOException("cannot list this host's addresses: " + e.getMessage(), e);
        }
        return names.stream().limit(MAX_NAMES).toList();
    }

    /** Whether {@code name} is a literal IPv4 or IPv6 address. */
    static boolean isAddress(String name) {
        return IPAddress.isValid(name);
    }

    /** A literal address as people type it: that of IPv6 in its short form (RFC 5952 section 4). */
    static String asTyped(String address) {
        if (address.indexOf(':') < 0) {
            return address;
        }
        GeneralName name = new GeneralName(GeneralName.iPAddress, address);
        byte[] bytes = ASN1OctetString.getInstance(name.getName()).getOctets();
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < bytes.length; i += 2) {
            text.append(':').append(Integer.toHexString((bytes[i] & 0xff) << 8 | bytes[i + 1] & 0xff));
        }
        return shortened(text.append(':').toString());
    }

    /** Replaces the first of the longest runs of two or more zeros, all between colons. */
    private static String shortened(String groups) {
        for (int zeros = GROUPS; zeros >= 2; zeros--) {
            String run = ":0".repeat(zeros) + ":";
            int at = groups.indexOf(run);
            if (at >= 0) {
                String before = groups.substring(0, at);
                String after = groups.substring(at + run.length());
                return (before.isEmpty() ? "" : before.substring(1))
                        + "::"
                        + (after.isEmpty() ? "" : after.substring(0, after.length() - 1));
            }
        }
        return groups.substring(1, groups.length() - 1);
    }

    private static void addHostName(Set<String> names, String name) {
        if (!isAddress(name) && HOST_NAME.matcher(name).matches()) {
            names.add(name.endsWith(".") ? name.substring(0, name.length() - 1) : name);
        }
    }

    private static String literal(InetAddress address) {
        String text = address.getHostAddress();
        int scope = text.indexOf('%');
        return scope < 0 ? text : text.substring(0, scope);
    }
}
