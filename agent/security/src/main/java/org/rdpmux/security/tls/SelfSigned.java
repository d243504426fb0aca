// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.security.tls;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * Makes a certificate for a host that has none: RSA-2048 signed with SHA-256 by itself, the one kind that every client
 * takes (some refuse elliptic curves).
 */
record SelfSigned(X509Certificate certificate, PrivateKey key) {

    /** Clients pin the certificate at the first visit, so it lives as long as a host does. */
    static final Duration VALIDITY = Duration.ofDays(3650);

    /** For clients whose clock is behind. */
    private static final Duration BACKDATED = Duration.ofDays(1);

    private static final int KEY_BITS = 2048;

    /** RFC 5280 appendix A.1, ub-common-name. */
    private static final int MAX_COMMON_NAME = 64;

    /** RFC 5280 section 4.1.2.2 allows 20 octets; positive by construction. */
    private static final int SERIAL_BITS = 127;

    /** Made for {@code names}, host names and literal IP addresses; the first is the subject. */
    static SelfSigned make(List<String> names, Instant now, SecureRandom random) throws IOException {
        if (names.isEmpty()) {
            throw new IOException("a certificate needs at least one name");
        }
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(KEY_BITS, random);
            KeyPair pair = generator.generateKeyPair();
            X500Name subject = subject(names.get(0));
            JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    subject,
                    new BigInteger(SERIAL_BITS, random).setBit(SERIAL_BITS - 1),
                    Date.from(now.minus(BACKDATED)),
                    Date.from(now.plus(VALIDITY)),
                    subject,
                    pair.getPublic());
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
            builder.addExtension(
                    Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature | KeyUsage.keyEncipherment));
            builder.addExtension(
                    Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth));
            builder.addExtension(Extension.subjectAlternativeName, false, alternativeNames(names));
            builder.addExtension(
                    Extension.subjectKeyIdentifier,
                    false,
                    new JcaX509ExtensionUtils().createSubjectKeyIdentifier(pair.getPublic()));
            X509Certificate certificate = new JcaX509CertificateConverter()
                    .getCertificate(
                            builder.build(new JcaContentSignerBuilder("SHA256withRSA").build(pair.getPrivate())));
            return new SelfSigned(certificate, pair.getPrivate());
        } catch (GeneralSecurityException | OperatorCreationException | IllegalArgumentException e) {
            throw new IOException("cannot make a certificate for " + names + ": " + e.getMessage(), e);
        }
    }

    private static X500Name subject(String name) {
        String shortened = name.length() <= MAX_COMMON_NAME ? name : name.substring(0, MAX_COMMON_NAME);
        return new X500NameBuilder(BCStyle.INSTANCE)
                .addRDN(BCStyle.CN, shortened)
                .build();
    }

    /**
     * Addresses twice: as iPAddress, where verifiers look, and as dNSName, where FreeRDP and what is built on it look; they
     * would warn of another host's certificate at each address.
     */
    private static GeneralNames alternativeNames(List<String> names) {
        List<GeneralName> alternatives = new ArrayList<>();
        for (String name : names.stream().distinct().toList()) {
            if (LocalNames.isAddress(name)) {
                alternatives.add(new GeneralName(GeneralName.iPAddress, name));
                alternatives.add(new GeneralName(GeneralName.dNSName, LocalNames.asTyped(name)));
            } else {
                alternatives.add(new GeneralName(GeneralName.dNSName, name));
            }
        }
        return new GeneralNames(alternatives.toArray(GeneralName[]::new));
    }
}
