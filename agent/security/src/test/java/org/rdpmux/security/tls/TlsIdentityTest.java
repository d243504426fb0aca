// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.security.tls;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.StandardConstants;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TlsIdentityTest {

    private final SelfSigned made;
    private final TlsIdentity identity;

    TlsIdentityTest() throws IOException {
        made = CertificateStoreTest.make("localhost");
        identity = TlsIdentity.of(List.of(made.certificate()), made.key());
    }

    @Test
    void bindsToTheBitStringNotToTheWholeKeyInfo() {
        ASN1Sequence key = ASN1Sequence.getInstance(identity.subjectPublicKey());
        RSAPublicKey expected = (RSAPublicKey) made.certificate().getPublicKey();

        assertEquals(
                expected.getModulus(),
                ASN1Integer.getInstance(key.getObjectAt(0)).getValue());
        assertEquals(
                expected.getPublicExponent(),
                ASN1Integer.getInstance(key.getObjectAt(1)).getValue());
    }

    @Test
    void givesAwayCopiesOnly() {
        identity.subjectPublicKey()[0] ^= 1;
        identity.endPointHashes().get(0)[0] ^= 1;

        assertArrayEquals(identity.subjectPublicKey(), identity.subjectPublicKey());
        assertEquals(0x30, identity.subjectPublicKey()[0]);
    }

    @ParameterizedTest
    @CsvSource({
        "TLSv1.3,TLS_AES_256_GCM_SHA384",
        "TLSv1.3,TLS_AES_128_GCM_SHA256",
        "TLSv1.2,TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
        "TLSv1.2,TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
        "TLSv1.2,TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256"
    })
    void shakesHandsWithModernClients(String protocol, String suite) throws Exception {
        SSLEngine server = identity.newServerEngine(TlsSettings.DEFAULT);
        SSLEngine client = client(protocol, suite);

        shakeHands(client, server);

        assertEquals(protocol, server.getSession().getProtocol());
        assertEquals(suite, server.getSession().getCipherSuite());
        assertEquals(made.certificate(), client.getSession().getPeerCertificates()[0]);
    }

    @ParameterizedTest
    @CsvSource({
        "TLSv1.2,TLS_RSA_WITH_AES_128_GCM_SHA256",
        "TLSv1.2,TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA",
        "TLSv1.2,TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384",
        "TLSv1.2,TLS_DHE_RSA_WITH_AES_256_GCM_SHA384"
    })
    void refusesWeakerSuites(String protocol, String suite) throws Exception {
        SSLEngine server = identity.newServerEngine(TlsSettings.DEFAULT);
        SSLEngine client = client(protocol, suite);

        assertThrows(SSLException.class, () -> shakeHands(client, server));
    }

    @Test
    void offersTheBestOfOlderWindowsOnlyIfAsked() throws Exception {
        SSLEngine server = identity.newServerEngine(new TlsSettings(true));
        SSLEngine client = client("TLSv1.2", "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384");

        shakeHands(client, server);

        assertEquals(
                "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384", server.getSession().getCipherSuite());
    }

    @Test
    void servesEllipticCurveKeysFromFiles() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        KeyPair pair = generator.generateKeyPair();
        X509Certificate certificate = certificate(pair, "SHA384withECDSA");
        TlsIdentity curve = TlsIdentity.of(List.of(certificate), pair.getPrivate());
        SSLEngine server = curve.newServerEngine(TlsSettings.DEFAULT);
        SSLEngine client = client("TLSv1.2", "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384");

        shakeHands(client, server);

        assertEquals(
                "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", server.getSession().getCipherSuite());
        assertEquals(48, curve.endPointHashes().get(1).length);
        assertEquals(0x04, curve.subjectPublicKey()[0]);
    }

    /** No handshake would succeed: that is said when the file is read. */
    @Test
    void refusesAKeyOfACurveThatIsNotOffered() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp521r1"));
        KeyPair pair = generator.generateKeyPair();
        X509Certificate certificate = certificate(pair, "SHA384withECDSA");
        assertThrows(IOException.class, () -> TlsIdentity.of(List.of(certificate), pair.getPrivate()));
    }

    /** Clients send whatever their user typed. */
    @ParameterizedTest
    @ValueSource(strings = {"fd00::1", "under_scored", "192.0.2.1", "ends.with.a.dot.", "a..b", "-", "\0"})
    void doesNotMindByWhichNameItIsCalled(String name) throws Exception {
        SSLEngine server = identity.newServerEngine(TlsSettings.DEFAULT);
        SSLEngine client = client("TLSv1.3", "TLS_AES_256_GCM_SHA384");
        SSLParameters parameters = client.getSSLParameters();
        parameters.setServerNames(
                List.of(new SNIServerName(StandardConstants.SNI_HOST_NAME, name.getBytes(StandardCharsets.UTF_8)) {}));
        client.setSSLParameters(parameters);
        shakeHands(client, server);
        assertEquals(identity.certificate(), client.getSession().getPeerCertificates()[0]);
    }

    @Test
    void refusesRenegotiationAndFiniteFields() {
        assertEquals("true", System.getProperty("jdk.tls.rejectClientInitiatedRenegotiation"));
        assertFalse(System.getProperty("jdk.tls.namedGroups").contains("ffdhe"));
        assertTrue(TlsSettings.DEFAULT.cipherSuites().stream().noneMatch(suite -> suite.contains("_CBC_")));
    }

    private static X509Certificate certificate(KeyPair pair, String algorithm) throws Exception {
        X500Name name = new X500Name("CN=curve");
        Instant now = Instant.now();
        return new JcaX509CertificateConverter()
                .getCertificate(new JcaX509v3CertificateBuilder(
                                name,
                                BigInteger.ONE,
                                Date.from(now.minusSeconds(60)),
                                Date.from(now.plusSeconds(600)),
                                name,
                                pair.getPublic())
                        .build(new JcaContentSignerBuilder(algorithm).build(pair.getPrivate())));
    }

    private static SSLEngine client(String protocol, String suite) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new TrustsAll()}, new SecureRandom());
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setProtocols(new String[] {protocol});
        parameters.setCipherSuites(new String[] {suite});
        engine.setSSLParameters(parameters);
        return engine;
    }

    private static void shakeHands(SSLEngine client, SSLEngine server) throws SSLException {
        ByteBuffer toServer = ByteBuffer.allocate(65536);
        ByteBuffer toClient = ByteBuffer.allocate(65536);
        client.beginHandshake();
        server.beginHandshake();
        for (int round = 0; round < 50; round++) {
            step(client, toClient, toServer);
            step(server, toServer, toClient);
            if (done(client) && done(server) && toServer.position() == 0 && toClient.position() == 0) {
                return;
            }
        }
        throw new AssertionError("handshake does not end");
    }

    private static boolean done(SSLEngine engine) {
        return engine.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING;
    }

    private static void step(SSLEngine engine, ByteBuffer in, ByteBuffer out) throws SSLException {
        ByteBuffer ignored = ByteBuffer.allocate(65536);
        engine.wrap(ByteBuffer.allocate(0), out);
        in.flip();
        while (in.hasRemaining() && engine.unwrap(in, ignored).bytesConsumed() > 0) {
            runTasks(engine);
        }
        runTasks(engine);
        in.compact();
    }

    private static void runTasks(SSLEngine engine) {
        for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
            task.run();
        }
    }

    private static final class TrustsAll implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
