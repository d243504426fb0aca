// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rdpmux.security.access.CredentialStore;
import org.rdpmux.security.tls.CertificateStore;
import org.rdpmux.security.tls.TlsIdentity;

/** Clients that have TLS itself answer without end, which the handlers behind it do not see. */
class TlsFloodTest {

    /** Many times what the kernel and the server keep for a client that does not read. */
    private static final int MANY = 400_000;

    /** X.224 connection request for NLA ([MS-RDPBCGR] 2.2.1.1), and the size of its answer. */
    private static final byte[] REQUEST = HexFormat.of().parseHex("030000130ee00000000000" + "0100080003000000");

    private static final int ANSWER = 19;

    @Test
    void whoAsksForNewKeysAndReadsNoAnswerIsSentAway(@TempDir Path directory) throws Exception {
        TlsIdentity identity = CertificateStore.inDirectory(directory, List.of("localhost"), Instant.now())
                .current();
        try (RdpServer server = new RdpServer(ServerOptions.defaults(() -> identity)
                        .withLimits(new ServerOptions.Limits(9, 9, 99, 9, 9, Duration.ofHours(1))));
                Endpoint endpoint = server.listen(
                        server.openConsole("web1", FakeDisplay::new),
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        EndpointPolicy.nla(CredentialStore.all(List.of()), "1"));
                Socket socket = new Socket()) {
            socket.setReceiveBufferSize(4096);
            socket.connect(endpoint.address());
            socket.getOutputStream().write(REQUEST);
            assertEquals(ANSWER, socket.getInputStream().readNBytes(ANSWER).length);
            SSLSocket tls = (SSLSocket) trusting().getSocketFactory().createSocket(socket, "localhost", 0, true);
            tls.setEnabledProtocols(new String[] {"TLSv1.3"});
            tls.startHandshake();
            int asked = 0;
            try {
                for (; asked < MANY; asked++) {
                    tls.startHandshake(); // RFC 8446 section 4.6.3 KeyUpdate, update_requested
                }
            } catch (IOException sentAway) {
                // the connection is reset
            }
            assertTrue(asked < MANY, "it asked " + asked + " times");
        }
    }

    private static SSLContext trusting() throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        TrustManager all = new X509TrustManager() {
            @Override
            public void checkClientTrusted(X509Certificate[] chain, String authType) {}

            @Override
            public void checkServerTrusted(X509Certificate[] chain, String authType) {}

            @Override
            public X509Certificate[] getAcceptedIssuers() {
                return new X509Certificate[0];
            }
        };
        context.init(null, new TrustManager[] {all}, new SecureRandom());
        return context;
    }
}
