// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.security.tls;

import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;

/**
 * What TLS a server end offers: 1.3 and 1.2, forward secrecy always, authenticated encryption.
 *
 * @param olderWindows also offer ECDHE with AES-CBC and SHA-2 in TLS 1.2, the best that Windows 8.1, Server 2012 R2 and
 *     older have with an RSA certificate. SHA-1 suites, static RSA and finite-field Diffie-Hellman are never offered.
 */
public record TlsSettings(boolean olderWindows) {

    /** What is offered unless somebody asks for more. */
    public static final TlsSettings DEFAULT = new TlsSettings(false);

    private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

    private static final List<String> SUITES = List.of(
            "TLS_AES_256_GCM_SHA384",
            "TLS_AES_128_GCM_SHA256",
            "TLS_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

    private static final String NAMED_GROUPS = "jdk.tls.namedGroups";
    private static final List<String> GROUPS = List.of("x25519", "secp256r1", "secp384r1");

    private static final List<String> OLDER_WINDOWS_SUITES =
            List.of("TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384", "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256");

    static {
        // The JDK reads these once, before its first handshake. What the administrator set stays.
        // A client gains nothing by renegotiating but our processor time.
        setIfAbsent("jdk.tls.rejectClientInitiatedRenegotiation", "true");
        // Without finite fields and P-521, which let a client make us compute for long.
        setIfAbsent(NAMED_GROUPS, String.join(", ", GROUPS));
        // An endpoint has one certificate, whatever name it is called by. Java ends the handshake at names that DNS
        // cannot have: FreeRDP sends IPv6 addresses, Windows host names with an underscore.
        setIfAbsent("jdk.tls.server.disableExtensions", "server_name");
    }

    private static void setIfAbsent(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }

    /** The protocol versions offered, best first. */
    public List<String> protocols() {
        return List.of(PROTOCOLS);
    }

    /** The cipher suites offered, best first. */
    public List<String> cipherSuites() {
        List<String> all = new ArrayList<>(SUITES);
        if (olderWindows) {
            all.addAll(OLDER_WINDOWS_SUITES);
        }
        return List.copyOf(all);
    }

    /** Makes {@code engine} a server end with these settings; no client certificate is asked for. */
    void apply(SSLEngine engine) {
        engine.setUseClientMode(false);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setProtocols(PROTOCOLS.clone());
        parameters.setCipherSuites(cipherSuites().toArray(String[]::new));
        parameters.setUseCipherSuitesOrder(true);
        parameters.setNeedClientAuth(false);
        setGroups(parameters);
        engine.setSSLParameters(parameters);
    }

    /** From Java 20 on an engine can be told, whoever has used TLS in this process before it was set. */
    private static void setGroups(SSLParameters parameters) {
        String[] groups = System.getProperty(NAMED_GROUPS).split("[, ]+");
        try {
            SSLParameters.class.getMethod("setNamedGroups", String[].class).invoke(parameters, (Object) groups);
        } catch (NoSuchMethodException e) {
            // An older Java, which goes by the property alone.
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
