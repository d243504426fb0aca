// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.security.tls;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;

/**
 * A certificate with its private key, ready to serve TLS and to be bound to by CredSSP. Immutable and safe to share: a
 * connection keeps the identity it started with, whatever is reloaded meanwhile.
 */
public final class TlsIdentity {

    private static final String ALIAS = "rdpmux";

    private static final int MAX_CURVE_BITS = 384;

    private final List<X509Certificate> chain;
    private final byte[] subjectPublicKey;
    private final byte[] fingerprint;
    private final SSLContext context;

    private TlsIdentity(List<X509Certificate> chain, byte[] subjectPublicKey, byte[] fingerprint, SSLContext context) {
        this.chain = chain;
        this.subjectPublicKey = subjectPublicKey;
        this.fingerprint = fingerprint;
        this.context = context;
    }

    /**
     * @param chain the server's certificate first, then its issuers as far as they are to be sent
     * @throws IOException with a sentence, if the key does not belong to the certificate or is of an unusable kind
     */
    public static TlsIdentity of(List<X509Certificate> chain, PrivateKey key) throws IOException {
        if (chain.isEmpty()) {
            throw new IOException("no certificate");
        }
        X509Certificate certificate = chain.get(0);
        try {
            requireOfferedCurve(certificate.getPublicKey());
            requirePair(certificate.getPublicKey(), key);
            byte[] bits = SubjectPublicKeyInfo.getInstance(
                            certificate.getPublicKey().getEncoded())
                    .getPublicKeyData()
                    .getBytes();
            return new TlsIdentity(List.copyOf(chain), bits, hash("SHA-256", certificate), context(chain, key));
        } catch (GeneralSecurityException e) {
            throw new IOException("the certificate and its key are unusable: " + e.getMessage(), e);
        }
    }

    /** The server's certificate first, then its issuers. */
    public List<X509Certificate> chain() {
        return chain;
    }

    /** The server's certificate. */
    public X509Certificate certificate() {
        return chain.get(0);
    }

    /** The contents of the certificate's SubjectPublicKey bit string: what CredSSP binds to ([MS-CSSP] 2.2.1 pubKeyAuth). */
    public byte[] subjectPublicKey() {
        return subjectPublicKey.clone();
    }

    /**
     * The certificate's hashes a client may send as channel binding {@code tls-server-end-point} (RFC 5929 section 4.1):
     * SHA-256, and the hash of the certificate's own signature where that is SHA-384 or SHA-512. Some clients always take
     * SHA-256; either names this certificate and no other.
     */
    public List<byte[]> endPointHashes() {
        String signature = certificate().getSigAlgName().toUpperCase(Locale.ROOT);
        if (signature.startsWith("SHA384")) {
            return List.of(fingerprint.clone(), hash("SHA-384", certificate()));
        }
        if (signature.startsWith("SHA512")) {
            return List.of(fingerprint.clone(), hash("SHA-512", certificate()));
        }
        return List.of(fingerprint.clone());
    }

    private static byte[] hash(String algorithm, X509Certificate certificate) {
        try {
            return MessageDigest.getInstance(algorithm).digest(certificate.getEncoded());
        } catch (NoSuchAlgorithmException | CertificateEncodingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The certificate's SHA-256 hash as clients show it: {@code 5f:0c:...}. */
    public String fingerprint() {
        return HexFormat.ofDelimiter(":").formatHex(fingerprint);
    }

    /** A new server end of a TLS connection; the caller closes it. */
    public SSLEngine newServerEngine(TlsSettings settings) {
        SSLEngine engine = context.createSSLEngine();
        settings.apply(engine);
        return engine;
    }

    @Override
    public String toString() {
        return certificate().getSubjectX500Principal() + " " + fingerprint();
    }

    /** Java signs with keys of those curves alone that are offered: see {@link TlsSettings}. */
    private static void requireOfferedCurve(PublicKey key) throws IOException {
        if (key instanceof ECPublicKey ec
                && ec.getParams().getCurve().getField().getFieldSize() > MAX_CURVE_BITS) {
            throw new IOException(
                    "the certificate's key is on an elliptic curve that is not offered; use P-256, P-384 or RSA");
        }
    }

    private static void requirePair(PublicKey publicKey, PrivateKey key) throws GeneralSecurityException, IOException {
        String algorithm = switch (key.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> throw new IOException("a key of type " + key.getAlgorithm() + "; expected RSA or EC");
        };
        byte[] probe = {1, 2, 3, 4};
        Signature signature = Signature.getInstance(algorithm);
        signature.initSign(key);
        signature.update(probe);
        byte[] signed = signature.sign();
        boolean matches = publicKey.getAlgorithm().equals(key.getAlgorithm());
        if (matches) {
            signature.initVerify(publicKey);
            signature.update(probe);
            matches = signature.verify(signed);
        }
        if (!matches) {
            throw new IOException("the private key does not belong to the certificate");
        }
    }

    private static SSLContext context(List<X509Certificate> chain, PrivateKey key) throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        X509Certificate[] certificates = chain.toArray(X509Certificate[]::new);
        // Clients have no certificates. With null for the managers of trust, Java would read all authorities that it
        // knows.
        context.init(new KeyManager[] {new OneKey(certificates, key)}, new TrustManager[0], null);
        return context;
    }

    /** Serves one key, whatever is asked for; the JDK then drops the suites that do not fit it. */
    private static final class OneKey extends X509ExtendedKeyManager {
        private final X509Certificate[] chain;
        private final PrivateKey key;

        OneKey(X509Certificate[] chain, PrivateKey key) {
            this.chain = chain;
            this.key = key;
        }

        private String alias(String keyType) {
            return keyType.equals(key.getAlgorithm()) || keyType.startsWith(key.getAlgorithm() + "_") ? ALIAS : null;
        }

        @Override
        public String chooseEngineServerAlias(String keyType, Principal[] issuers, SSLEngine engine) {
            return alias(keyType);
        }

        @Override
        public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
            return alias(keyType);
        }

        @Override
        public String[] getServerAliases(String keyType, Principal[] issuers) {
            return alias(keyType) == null ? null : new String[] {ALIAS};
        }

        @Override
        public String chooseClientAlias(String[] keyTypes, Principal[] issuers, Socket socket) {
            return null;
        }

        @Override
        public String[] getClientAliases(String keyType, Principal[] issuers) {
            return null;
        }

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            return ALIAS.equals(alias) ? chain.clone() : null;
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            return ALIAS.equals(alias) ? key : null;
        }
    }
}
