// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.net;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.rdpmux.security.nla.ChannelBinding;
import org.rdpmux.security.nla.CredSspServer;
import org.rdpmux.security.nla.ServerNames;
import org.rdpmux.security.tls.TlsIdentity;
import org.rdpmux.security.tls.TlsSettings;
import org.rdpmux.server.connection.Approach;
import org.rdpmux.server.login.NlaHandler;

/** The layouts that {@link Pipelines} names, and that no byte is lost between them. */
class PipelinesTest {

    private static final byte[] REQUEST = HexFormat.of().parseHex("0300000b06e00000000000");

    private final List<Object> read = new ArrayList<>();
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final TlsTargets.Client client = new TlsTargets.Client("TLSv1.3");

    PipelinesTest() {
        Pipelines.open(channel.pipeline(), new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext ctx, Object message) {
                read.add(message instanceof ByteBuf frame ? frame.readableBytes() : message);
                ReferenceCountUtil.release(message);
            }

            @Override
            public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
                read.add(cause);
            }
        });
    }

    @AfterEach
    void release() {
        channel.finishAndReleaseAll();
    }

    @Test
    void aClientThatNegotiatesReadsClearFramesAndThenTls() {
        assertLayout("first-bytes", "connection");
        send(REQUEST);
        assertLayout("clear-frames", "connection");
        Pipelines.startTls(channel.pipeline(), Approach.NEGOTIATED, tls());
        assertLayout("tls", "frames", "connection");
        send(client.start());
        assertTlsAnswers();
        assertEquals(REQUEST.length, read.get(0));
    }

    /** The ClientHello comes before there is TLS to answer it. */
    @Test
    void aClientThatBeginsWithTlsWaitsInFrontOfIt() {
        send(client.start());
        assertLayout("first-bytes", "connection");
        Pipelines.startTls(channel.pipeline(), Approach.DIRECT, tls());
        assertLayout("tls", "frames", "connection");
        assertTlsAnswers();
    }

    @Test
    void credSspIsBetweenTlsAndTheFrames() {
        send(REQUEST);
        TlsIdentity shown = TlsTargets.IDENTITY;
        CredSspServer credSsp = new CredSspServer(
                ServerNames.of("rdpmux"),
                CredSspServer.MIN_VERSION,
                new ChannelBinding(shown.subjectPublicKey(), shown.endPointHashes()),
                Instant.EPOCH,
                new SecureRandom());
        Pipelines.startNla(channel.pipeline(), Approach.NEGOTIATED, tls(), new NlaHandler(credSsp, null, false));
        assertLayout("tls", "nla", "frames", "connection");
        channel.pipeline().remove(Pipelines.NLA);
        assertLayout("tls", "frames", "connection");
    }

    private void assertTlsAnswers() {
        ByteBuf hello = channel.readOutbound();
        assertEquals(22, hello.getByte(0), "a ServerHello");
        hello.release();
    }

    private void assertLayout(String... names) {
        List<String> all = new ArrayList<>(channel.pipeline().names());
        all.removeIf(name -> name.contains("#"));
        assertEquals("hold", all.remove(0));
        assertEquals(List.of(names), all);
    }

    private void send(byte[] bytes) {
        channel.writeInbound(Unpooled.wrappedBuffer(bytes));
    }

    private static SslHandler tls() {
        return new SslHandler(TlsTargets.IDENTITY.newServerEngine(TlsSettings.DEFAULT));
    }
}
