// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.security.nla;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import org.rdpmux.security.access.Credential;
import org.rdpmux.security.access.Moment;
import org.rdpmux.security.tls.CertificateStore;
import org.rdpmux.security.tls.TlsIdentity;
import org.rdpmux.security.tls.TlsSettings;

/**
 * An RDP server that ends where NLA ends, to let real clients knock: X.224 negotiation, TLS, CredSSP, one line per
 * connection on standard output. Arguments: port, state directory, {@code hybrid} or {@code hybrid-ex}, then
 * {@code user=password} pairs. Listens on the loopback address and ends with its standard input.
 */
final class NlaOnlyServer {

    private static final int PROTOCOL_HYBRID = 2;
    private static final int PROTOCOL_HYBRID_EX = 8;
    private static final int SOCKET_TIMEOUT_MILLIS = 10_000;

    private final TlsIdentity identity;
    private final boolean hybridEx;
    private final List<String> users;

    private NlaOnlyServer(TlsIdentity identity, boolean hybridEx, List<String> users) {
        this.identity = identity;
        this.hybridEx = hybridEx;
        this.users = users;
    }

    public static void main(String[] args) throws IOException {
        TlsIdentity identity = CertificateStore.inDirectory(Path.of(args[1]), List.of("localhost"), Instant.now())
                .current();
        NlaOnlyServer server = new NlaOnlyServer(
                identity, args[2].equals("hybrid-ex"), Arrays.asList(args).subList(3, args.length));
        try (ServerSocket listener =
                new ServerSocket(Integer.parseInt(args[0]), 16, InetAddress.getLoopbackAddress())) {
            Thread acceptor = new Thread(() -> server.accept(listener));
            acceptor.setDaemon(true);
            acceptor.start();
            System.out.println("listening on " + listener.getLocalPort());
            while (System.in.read() >= 0) {
                // Runs until whoever started it goes.
            }
        }
    }

    private void accept(ServerSocket listener) {
        while (true) {
            try (Socket socket = listener.accept()) {
                socket.setSoTimeout(SOCKET_TIMEOUT_MILLIS);
                serve(socket);
            } catch (IOException | RuntimeException e) {
                if (listener.isClosed()) {
                    return;
                }
                System.out.println("connection ends: " + e);
            }
        }
    }

    private void serve(Socket socket) throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        byte[] head = new byte[4];
        in.readFully(head);
        byte[] request = new byte[((head[2] & 0xFF) << 8 | head[3] & 0xFF) - 4];
        in.readFully(request);
        int offered = ByteBuffer.wrap(request, request.length - 4, 4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .getInt();
        int selected = hybridEx && (offered & PROTOCOL_HYBRID_EX) != 0 ? PROTOCOL_HYBRID_EX : PROTOCOL_HYBRID;
        socket.getOutputStream().write(new byte[] {
            3, 0, 0, 19, 14, (byte) 0xD0, 0, 0, 0x12, 0x34, 0, 2, 3, 8, 0, (byte) selected, 0, 0, 0
        });
        if ((offered & selected) == 0) {
            System.out.println("client offers " + offered);
            return;
        }
        Tls tls = new Tls(identity.newServerEngine(TlsSettings.DEFAULT), socket);
        CredSspStep end = authenticate(tls);
        if (end instanceof CredSspStep.Refused refused) {
            tls.write(refused.bytes());
            System.out.println("refused " + refused.refusal() + ": " + refused.detail());
        } else if (end instanceof CredSspStep.Proven proven) {
            if (selected == PROTOCOL_HYBRID_EX) {
                tls.write(CredSspServer.earlyAuthorization(true));
            }
            System.out.println("proven " + proven.claim() + " next " + tls.read(1).length + " byte of the client, "
                    + tls.engine.getSession().getProtocol());
        }
    }

    private CredSspStep authenticate(Tls tls) throws IOException {
        CredSspServer server = new CredSspServer(
                ServerNames.of("kvm1.example.org"),
                CredSspServer.MIN_VERSION,
                new ChannelBinding(identity.subjectPublicKey(), identity.endPointHashes()),
                Instant.now(),
                new SecureRandom());
        while (true) {
            byte[] start = tls.read(4);
            int size = CredSspServer.frameSize(start, start.length);
            byte[] message = Arrays.copyOf(start, size);
            System.arraycopy(tls.read(size - 4), 0, message, 4, size - 4);
            CredSspStep step = server.on(message);
            if (step instanceof CredSspStep.Identify identify) {
                System.out.println("claim " + identify.claim());
                step = server.answer(credentials(identify.claim().user()), Moment.now(Clock.systemUTC()));
            }
            if (!(step instanceof CredSspStep.Reply reply)) {
                return step;
            }
            tls.write(reply.bytes());
        }
    }

    private List<Credential> credentials(String user) {
        List<Credential> found = new ArrayList<>();
        for (String entry : users) {
            int equals = entry.indexOf('=');
            if (entry.substring(0, equals).equals(user)) {
                found.add(Conversation.credential(user, entry.substring(equals + 1)));
            }
        }
        return found;
    }

    /** A server's TLS engine over a blocking socket. */
    private static final class Tls {
        final SSLEngine engine;
        final InputStream in;
        final OutputStream out;
        ByteBuffer encrypted = ByteBuffer.allocate(32 * 1024).limit(0);
        ByteBuffer clear = ByteBuffer.allocate(32 * 1024).limit(0);

        Tls(SSLEngine engine, Socket socket) throws IOException {
            this.engine = engine;
            in = socket.getInputStream();
            out = socket.getOutputStream();
            engine.beginHandshake();
            while (engine.getHandshakeStatus() != HandshakeStatus.NOT_HANDSHAKING) {
                if (engine.getHandshakeStatus() == HandshakeStatus.NEED_UNWRAP) {
                    unwrap();
                } else {
                    wrap(ByteBuffer.allocate(0));
                }
            }
        }

        byte[] read(int count) throws IOException {
            byte[] result = new byte[count];
            while (clear.remaining() < count) {
                unwrap();
                while (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
                    wrap(ByteBuffer.allocate(0));
                }
            }
            clear.get(result);
            return result;
        }

        void write(byte[] bytes) throws IOException {
            ByteBuffer rest = ByteBuffer.wrap(bytes);
            while (rest.hasRemaining()) {
                wrap(rest);
            }
        }

        private void wrap(ByteBuffer source) throws IOException {
            runTasks();
            ByteBuffer target = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
            engine.wrap(source, target);
            out.write(target.array(), 0, target.position());
            out.flush();
        }

        private void unwrap() throws IOException {
            clear.compact();
            SSLEngineResult result = engine.unwrap(encrypted, clear);
            clear.flip();
            runTasks();
            if (result.getStatus() == SSLEngineResult.Status.CLOSED) {
                throw new IOException("the client closes");
            }
            if (result.getStatus() == SSLEngineResult.Status.BUFFER_UNDERFLOW) {
                encrypted.compact();
                int count = in.read(encrypted.array(), encrypted.position(), encrypted.remaining());
                if (count < 0) {
                    throw new IOException("the client is gone");
                }
                encrypted.position(encrypted.position() + count).flip();
            }
        }

        private void runTasks() {
            for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
                task.run();
            }
        }
    }
}
