// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.security.tls;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CertificateStoreTest {

    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    private static final List<String> NAMES = List.of("kvm1.example.org", "kvm1", "192.0.2.7", "2001:db8::7");

    @TempDir
    Path directory;

    @Test
    void makesACertificateEveryClientTakes() throws Exception {
        X509Certificate certificate =
                CertificateStore.inDirectory(directory, NAMES, NOW).current().certificate();

        assertEquals(
                "CN=kvm1.example.org", certificate.getSubjectX500Principal().getName());
        assertEquals("SHA256withRSA", certificate.getSigAlgName());
        assertEquals(List.of("1.3.6.1.5.5.7.3.1"), certificate.getExtendedKeyUsage());
        assertEquals(-1, certificate.getBasicConstraints());
        assertEquals(
                List.of(
                        "2:kvm1.example.org",
                        "2:kvm1",
                        "7:192.0.2.7",
                        "2:192.0.2.7", // where FreeRDP looks
                        "7:2001:db8:0:0:0:0:0:7",
                        "2:2001:db8::7"),
                certificate.getSubjectAlternativeNames().stream()
                        .map(name -> name.get(0) + ":" + name.get(1))
                        .toList());
        certificate.checkValidity(java.util.Date.from(NOW));
        certificate.verify(certificate.getPublicKey());
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.7, 192.0.2.7",
        "0:0:0:0:0:0:0:1, ::1",
        "::, ::",
        "fe80:0:0:0:1:0:0:0, fe80::1:0:0:0",
        "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1", // the first of two runs
        "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1", // one zero stays
        "2001:DB8:0:0:8:800:200C:417A, 2001:db8::8:800:200c:417a",
        "1:0:0:0:0:0:0:0, 1::",
    })
    void namesAddressesAsPeopleTypeThem(String address, String typed) {
        assertEquals(typed, LocalNames.asTyped(address));
    }

    @Test
    void keepsItsCertificateAcrossRestartsEvenIfTheHostIsRenamed() throws IOException {
        String first =
                CertificateStore.inDirectory(directory, NAMES, NOW).current().fingerprint();
        String second = CertificateStore.inDirectory(directory, List.of("other"), NOW.plusSeconds(60))
                .current()
                .fingerprint();

        assertEquals(first, second);
    }

    @Test
    void keepsTheKeyPrivateAndLeavesNothingElseBehind() throws IOException {
        CertificateStore.inDirectory(directory, NAMES, NOW);

        try (Stream<Path> files = Files.list(directory)) {
            assertEquals(
                    "tls-identity.pem rw-------",
                    files.map(file -> file.getFileName() + " " + permissions(file))
                            .collect(Collectors.joining(",")));
        }
    }

    @Test
    void twoProcessesThatStartAtOnceEndWithOneCertificate() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(3);
        try {
            Callable<String> start = () -> CertificateStore.inDirectory(directory, NAMES, NOW)
                    .current()
                    .fingerprint();
            List<String> seen = threads.invokeAll(List.of(start, start, start)).stream()
                    .map(result -> {
                        try {
                            return result.get();
                        } catch (Exception e) {
                            throw new AssertionError(e);
                        }
                    })
                    .distinct()
                    .toList();

            assertEquals(1, seen.size(), seen::toString);
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void refusesAnOwnFileThatOthersMayReadAndDoesNotTouchIt() throws IOException {
        CertificateStore.inDirectory(directory, NAMES, NOW);
        Path file = directory.resolve(CertificateStore.OWN_FILE);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        byte[] before = Files.readAllBytes(file);

        IOException refused =
                assertThrows(IOException.class, () -> CertificateStore.inDirectory(directory, NAMES, NOW));

        assertTrue(refused.getMessage().contains("others may access it (rw-r-----)"), refused.getMessage());
        assertArrayEquals(before, Files.readAllBytes(file));
    }

    @Test
    void refusesADamagedOwnFileInsteadOfReplacingIt() throws IOException {
        Path file = directory.resolve(CertificateStore.OWN_FILE);
        write(file, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");

        IOException refused =
                assertThrows(IOException.class, () -> CertificateStore.inDirectory(directory, NAMES, NOW));

        assertTrue(refused.getMessage().contains(file.toString()), refused.getMessage());
    }

    @Test
    void saysWhichFileIsMissing() throws IOException {
        Path certificate = write(directory.resolve("server.crt"), pem(make("a").certificate()));
        Path key = directory.resolve("server.key");

        IOException refused = assertThrows(IOException.class, () -> CertificateStore.ofFiles(certificate, key));

        assertEquals(key + " does not exist", refused.getMessage());
    }

    @Test
    void refusesAKeyThatBelongsToAnotherCertificate() throws IOException {
        Path certificate = write(directory.resolve("server.crt"), pem(make("a").certificate()));
        Path key = write(directory.resolve("server.key"), pem(make("b").key()));

        IOException refused = assertThrows(IOException.class, () -> CertificateStore.ofFiles(certificate, key));

        assertTrue(
                refused.getMessage().endsWith("the private key does not belong to the certificate"),
                refused.getMessage());
    }

    @Test
    void refusesAKeyFileThatEverybodyMayRead() throws IOException {
        SelfSigned made = make("a");
        Path certificate = write(directory.resolve("server.crt"), pem(made.certificate()));
        Path key = write(directory.resolve("server.key"), pem(made.key()));
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));

        assertThrows(IOException.class, () -> CertificateStore.ofFiles(certificate, key));

        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r-----"));
        CertificateStore.ofFiles(certificate, key);
    }

    @Test
    void refusesAFileBeyondTheLimit() throws IOException {
        Path file = write(directory.resolve("server.pem"), "#".repeat(PemFile.MAX_SIZE + 1));

        IOException refused = assertThrows(IOException.class, () -> CertificateStore.ofFiles(file, file));

        assertTrue(refused.getMessage().contains("larger than"), refused.getMessage());
    }

    @Test
    void refusesAnEncryptedKeyWithAdvice() throws IOException {
        Path certificate = write(directory.resolve("server.crt"), pem(make("a").certificate()));
        Path key = write(directory.resolve("server.key"), """
                -----BEGIN RSA PRIVATE KEY-----
                Proc-Type: 4,ENCRYPTED
                DEK-Info: AES-128-CBC,00112233445566778899AABBCCDDEEFF

                AAAAAAAAAAAAAAAAAAAAAA==
                -----END RSA PRIVATE KEY-----
                """);

        IOException refused = assertThrows(IOException.class, () -> CertificateStore.ofFiles(certificate, key));

        assertTrue(refused.getMessage().contains("is encrypted"), refused.getMessage());
    }

    @Test
    void reloadsAReplacedCertificateAndKeepsTheOldOneWhileTheFilesDoNotFit() throws IOException {
        SelfSigned first = make("a");
        SelfSigned second = make("b");
        Path certificate = write(directory.resolve("server.crt"), pem(first.certificate()));
        Path key = write(directory.resolve("server.key"), pem(first.key()));
        CertificateStore store = CertificateStore.ofFiles(certificate, key);
        TlsIdentity before = store.current();

        assertFalse(store.reloadIfChanged());
        replace(certificate, pem(second.certificate()));
        assertThrows(IOException.class, store::reloadIfChanged);
        assertSame(before, store.current());
        replace(key, pem(second.key()));
        assertTrue(store.reloadIfChanged());
        assertEquals(second.certificate(), store.current().certificate());
        assertFalse(store.reloadIfChanged());
        assertNotEquals(before.fingerprint(), store.current().fingerprint());
    }

    @Test
    void showsTheFingerprintAsClientsDo() throws Exception {
        SelfSigned made = make("a");
        TlsIdentity identity = TlsIdentity.of(List.of(made.certificate()), made.key());

        byte[] hash =
                MessageDigest.getInstance("SHA-256").digest(made.certificate().getEncoded());
        assertTrue(identity.fingerprint().startsWith(String.format("%02x:%02x:", hash[0], hash[1])));
        assertEquals(95, identity.fingerprint().length());
        assertArrayEquals(hash, identity.endPointHashes().get(0));
    }

    @Test
    void namesOfThisHostMakeACertificate() throws IOException {
        List<String> names = LocalNames.collect();

        assertTrue(names.contains("localhost"), names::toString);
        assertTrue(names.contains("127.0.0.1"), names::toString);
        SelfSigned.make(names, NOW, new SecureRandom());
    }

    static SelfSigned make(String name) throws IOException {
        return SelfSigned.make(List.of(name), NOW, new SecureRandom());
    }

    static String pem(Object part) throws IOException {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            writer.writeObject(part);
        }
        return text.toString();
    }

    private static Path write(Path file, String content) throws IOException {
        Files.writeString(file, content);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    private static void replace(Path file, String content) throws IOException {
        FileTime before = Files.getLastModifiedTime(file);
        write(file, content);
        Files.setLastModifiedTime(file, FileTime.fromMillis(before.toMillis() + 2000));
    }

    private static String permissions(Path file) {
        try {
            return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
