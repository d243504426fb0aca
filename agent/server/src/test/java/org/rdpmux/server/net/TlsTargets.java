// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.net;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.rdpmux.security.tls.CertificateStore;
import org.rdpmux.security.tls.TlsIdentity;
import org.rdpmux.security.tls.TlsSettings;

/** What must hold for any TLS records whatsoever, for tables, for mutations and for a fuzzer alike. */
final class TlsTargets {

    private static final int MOST_ANSWERED = 64 << 10;

    static final TlsIdentity IDENTITY = identity();

    private TlsTargets() {}

    private static TlsIdentity identity() {
        try {
            Path directory = Files.createTempDirectory("rdpmux-tls");
            try {
                return CertificateStore.inDirectory(directory, List.of("localhost"), Instant.now())
                        .current();
            } finally {
                for (Path file : Files.list(directory).toList()) {
                    Files.delete(file);
                }
                Files.delete(directory);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A server end of TLS as a connection has it, and what came of what it was sent. */
    static final class Server implements AutoCloseable {
        final SslHandler tls = new SslHandler(IDENTITY.newServerEngine(TlsSettings.DEFAULT));
        final EmbeddedChannel channel;
        Throwable failure;
        int passedOn;

        Server() {
            channel = new EmbeddedChannel(tls, new ChannelInboundHandlerAdapter() {
                @Override
                public void channelRead(ChannelHandlerContext ctx, Object message) {
                    passedOn += ((ByteBuf) message).readableBytes();
                    ReferenceCountUtil.release(message);
                }

                @Override
                public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
                    failure = cause instanceof DecoderException && cause.getCause() != null ? cause.getCause() : cause;
                    ctx.close();
                }
            });
        }

        /** Sends it bytes; gives what it answers. */
        byte[] send(byte[] bytes) {
            if (channel.isOpen()) {
                channel.writeInbound(Unpooled.wrappedBuffer(bytes));
            }
            ByteBuf all = Unpooled.buffer();
            for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
                all.writeBytes(out);
                out.release();
            }
            byte[] answer = new byte[all.readableBytes()];
            all.readBytes(answer);
            return answer;
        }

        boolean isEstablished() {
            return tls.handshakeFuture().isSuccess();
        }

        @Override
        public void close() {
            channel.finishAndReleaseAll();
        }
    }

    /** A client of Java's own, whose messages are there to be damaged. */
    static final class Client {
        private final SSLEngine engine;
        private final ByteBuffer in = ByteBuffer.allocate(64 << 10).flip();

        Client(String protocol) {
            try {
                SSLContext context = SSLContext.getInstance("TLS");
                context.init(null, new TrustManager[] {new TrustAll()}, new SecureRandom());
                engine = context.createSSLEngine();
                engine.setUseClientMode(true);
                engine.setEnabledProtocols(new String[] {protocol});
            } catch (java.security.GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }

        /** What it says next, having heard this. */
        byte[] hear(byte[] answer) {
            try {
                in.compact().put(answer).flip();
                ByteBuffer out = ByteBuffer.allocate(64 << 10);
                ByteBuffer nothing = ByteBuffer.allocate(64 << 10);
                while (true) {
                    HandshakeStatus status = engine.getHandshakeStatus();
                    if (status == HandshakeStatus.NEED_TASK) {
                        engine.getDelegatedTask().run();
                    } else if (status == HandshakeStatus.NEED_WRAP) {
                        engine.wrap(ByteBuffer.allocate(0), out);
                    } else if (in.hasRemaining() || status == HandshakeStatus.NOT_HANDSHAKING && out.position() == 0) {
                        if (engine.unwrap(in, nothing.clear()).bytesConsumed() == 0
                                && engine.getHandshakeStatus() == status) {
                            return Arrays.copyOf(out.array(), out.position());
                        }
                    } else {
                        return Arrays.copyOf(out.array(), out.position());
                    }
                }
            } catch (SSLException e) {
                throw new IllegalStateException(e);
            }
        }

        /** Begins; the first flight. */
        byte[] start() {
            try {
                engine.beginHandshake();
                return hear(new byte[0]);
            } catch (SSLException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static final class TrustAll implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    /** A fuzzer's input: the protocol, how far an honest client has come, and what the server is sent then. */
    static void anyStep(byte[] bytes) {
        if (bytes.length < 2) {
            return;
        }
        String protocol = (bytes[0] & 1) == 0 ? "TLSv1.3" : "TLSv1.2";
        atStep(protocol, (bytes[1] & 0xFF) % 3, Arrays.copyOfRange(bytes, 2, bytes.length));
    }

    /**
     * Whatever comes at whatever step: the server waits, answers within bounds, or ends the connection as TLS does; nothing
     * reaches what is behind TLS unless an honest client has come through.
     *
     * @param step 0 before anything, 1 before the client's last flight, 2 behind it
     */
    static void atStep(String protocol, int step, byte[] bytes) {
        try (Server server = new Server()) {
            Client client = new Client(protocol);
            byte[] next = client.start();
            for (int i = 0; i < step; i++) {
                next = client.hear(server.send(next));
            }
            int before = server.passedOn;
            byte[] answer = server.send(bytes);
            assertBounded(server, answer);
            if (!server.isEstablished()) {
                assertTrue(server.passedOn == before, "bytes came through an unfinished handshake");
            }
        }
    }

    static void assertBounded(Server server, byte[] answer) {
        assertTrue(answer.length <= MOST_ANSWERED, "answered with " + answer.length + " bytes");
        if (server.failure != null) {
            assertInstanceOf(SSLException.class, server.failure);
        }
    }
}
