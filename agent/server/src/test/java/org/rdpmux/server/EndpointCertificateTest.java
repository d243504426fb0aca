// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import javax.net.ssl.SSLSocket;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rdpmux.security.access.CredentialStore;
import org.rdpmux.security.access.SamFile;
import org.rdpmux.security.nla.CredSspClient;
import org.rdpmux.security.tls.CertificateStore;
import org.rdpmux.security.tls.TlsIdentity;
import org.rdpmux.testkit.rdp.ClientOptions;
import org.rdpmux.testkit.rdp.RdpClient;

/** Which certificate clients see at an endpoint, and that their logins are bound to its key. */
class EndpointCertificateTest {

    private static final InetSocketAddress ANY = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    private static TlsIdentity host;
    private static TlsIdentity own;

    private final AtomicReference<X509Certificate> shown = new AtomicReference<>();
    private RdpServer server;
    private CredentialStore users;

    @BeforeAll
    static void makeCertificates(@TempDir Path directory) throws IOException {
        host = made(directory.resolve("host"));
        own = made(directory.resolve("own"));
        assertNotEquals(host.fingerprint(), own.fingerprint());
    }

    private static TlsIdentity made(Path directory) throws IOException {
        return CertificateStore.inDirectory(Files.createDirectory(directory), List.of("localhost"), Instant.now())
                .current();
    }

    @BeforeEach
    void start() throws IOException {
        users = SamFile.parse("alice:::878d8014606cda29677a44efa1353fc7:::\n".getBytes(StandardCharsets.UTF_8));
        server = new RdpServer(ServerOptions.defaults(() -> host)
                .withThreads(new ServerOptions.Threads(1, 1, 1))
                .withDisplayLinger(Duration.ZERO));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Endpoint listen(Supplier<Optional<TlsIdentity>> identity) throws IOException {
        PaintedDisplay.Canvas guest = new PaintedDisplay.Canvas(64, 48);
        Console console = server.openConsole("web", () -> new PaintedDisplay(guest, event -> {}));
        return server.listen(console, ANY, EndpointPolicy.nla(users, "web").withOwnIdentity(identity));
    }

    /** Logs in by NLA, bound to {@code key}, or to the key that the client is shown. */
    private void logIn(Endpoint endpoint, Optional<Certificate> key) throws IOException {
        ClientOptions options = ClientOptions.DEFAULT.withNla((socket, early) -> authenticate(socket, early, key));
        try (RdpClient client = RdpClient.connect(endpoint.address(), options)) {
            client.awaitActive();
        }
    }

    private void authenticate(SSLSocket socket, boolean early, Optional<Certificate> key) throws IOException {
        shown.set((X509Certificate) socket.getSession().getPeerCertificates()[0]);
        byte[] info = key.orElseGet(shown::get).getPublicKey().getEncoded();
        byte[] bits = SubjectPublicKeyInfo.getInstance(info).getPublicKeyData().getBytes();
        CredSspClient credSsp = new CredSspClient(new CredSspClient.Options("alice", "secret", bits));
        DataInputStream in = new DataInputStream(socket.getInputStream());
        OutputStream out = socket.getOutputStream();
        out.write(credSsp.start());
        while (!credSsp.isDone()) {
            byte[] message = readDer(in);
            if (CredSspClient.errorOf(message) != 0) {
                throw new IOException("CredSSP error 0x" + Integer.toHexString(CredSspClient.errorOf(message)));
            }
            out.write(credSsp.on(message));
        }
        if (early) {
            assertEquals(0, in.readInt());
        }
    }

    /** One DER value of at most 65535 bytes, and not a byte beyond. */
    private static byte[] readDer(DataInputStream in) throws IOException {
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        message.write(in.readUnsignedByte());
        int length = in.readUnsignedByte();
        message.write(length);
        if (length > 0x80) {
            byte[] bytes = in.readNBytes(length & 3);
            message.writeBytes(bytes);
            length = 0;
            for (byte part : bytes) {
                length = length << 8 | part & 0xFF;
            }
        }
        message.writeBytes(in.readNBytes(length));
        return message.toByteArray();
    }

    @Test
    void twoEndpointsShowTwoCertificatesAndLoginsAreBoundToThem() throws IOException {
        logIn(listen(Optional::empty), Optional.empty());
        assertEquals(host.certificate(), shown.get());
        logIn(listen(() -> Optional.of(own)), Optional.empty());
        assertEquals(own.certificate(), shown.get());
    }

    @Test
    void aLoginBoundToTheServersKeyIsRefusedWhereTheEndpointHasItsOwn() throws IOException {
        Endpoint endpoint = listen(() -> Optional.of(own));
        IOException e = assertThrows(IOException.class, () -> logIn(endpoint, Optional.of(host.certificate())));
        assertTrue(e.getMessage().startsWith("CredSSP error"), e.getMessage());
        assertEquals(own.certificate(), shown.get());
        logIn(endpoint, Optional.of(own.certificate()));
    }

    @Test
    void eachConnectionIsShownTheCertificateOfItsTime() throws IOException {
        AtomicReference<Optional<TlsIdentity>> now = new AtomicReference<>(Optional.of(own));
        Endpoint endpoint = listen(now::get);
        logIn(endpoint, Optional.empty());
        assertEquals(own.certificate(), shown.get());
        now.set(Optional.empty());
        logIn(endpoint, Optional.empty());
        assertEquals(host.certificate(), shown.get());
    }
}
