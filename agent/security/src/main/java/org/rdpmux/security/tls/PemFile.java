// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.security.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.openssl.PEMEncryptedKeyPair;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;
import org.rdpmux.security.files.PrivateFile;

/** What stands in a PEM file, as far as a server needs it: certificates in the file's order and private keys. */
record PemFile(List<X509Certificate> certificates, List<PrivateKey> keys, PrivateFile.Stamp stamp) {

    /** A chain of a dozen RSA-4096 certificates with the text openssl writes stays well below. */
    static final int MAX_SIZE = 256 * 1024;

    /**
     * Reads {@code file}; errors are sentences that name it.
     *
     * @param allowed refused if its mode has more than that
     */
    static PemFile read(Path file, Set<PosixFilePermission> allowed) throws IOException {
        try (PrivateFile.Content content = PrivateFile.read(file, MAX_SIZE, allowed)) {
            return parse(content, file);
        }
    }

    private static PemFile parse(PrivateFile.Content content, Path file) throws IOException {
        try {
            return parse(content);
        } catch (IOException | CertificateException | RuntimeException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    private static Reader reader(byte[] content) {
        return new InputStreamReader(new ByteArrayInputStream(content), StandardCharsets.US_ASCII);
    }

    private static PemFile parse(PrivateFile.Content content) throws IOException, CertificateException {
        List<X509Certificate> certificates = new ArrayList<>();
        List<PrivateKey> keys = new ArrayList<>();
        JcaX509CertificateConverter certificateConverter = new JcaX509CertificateConverter();
        JcaPEMKeyConverter keyConverter = new JcaPEMKeyConverter();
        try (PEMParser parser = new PEMParser(reader(content.bytes()))) {
            for (Object part = parser.readObject(); part != null; part = parser.readObject()) {
                if (part instanceof X509CertificateHolder holder) {
                    certificates.add(certificateConverter.getCertificate(holder));
                } else if (part instanceof PEMKeyPair pair) {
                    keys.add(keyConverter.getPrivateKey(pair.getPrivateKeyInfo()));
                } else if (part instanceof PrivateKeyInfo info) {
                    keys.add(keyConverter.getPrivateKey(info));
                } else if (part instanceof PEMEncryptedKeyPair || part instanceof PKCS8EncryptedPrivateKeyInfo) {
                    throw new IOException("the private key is encrypted; store it without a passphrase, mode 0600");
                }
            }
        }
        return new PemFile(List.copyOf(certificates), List.copyOf(keys), content.stamp());
    }
}
