// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderException;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rdpmux.pdu.PreconnectionPdu;
import org.rdpmux.server.connection.Inbound;

class FirstBytesDecoderTest {

    private static final String REQUEST = "0300000b06e00000000000";
    private static final String HELLO = "16030100";

    private final EmbeddedChannel channel = new EmbeddedChannel();

    FirstBytesDecoderTest() {
        channel.pipeline().addLast(Pipelines.FIRST_BYTES, new FirstBytesDecoder());
    }

    @AfterEach
    void release() {
        channel.finishAndReleaseAll();
    }

    @Test
    void aRequestIsAFrame() {
        feed(REQUEST);
        assertEquals(REQUEST, frame());
        assertNull(channel.pipeline().get(Pipelines.FIRST_BYTES));
    }

    @Test
    void bytesMayComeOneByOne() {
        PreconnectionPdu pdu = new PreconnectionPdu(2, 7, "web1");
        String all = hex(pdu) + REQUEST;
        for (int i = 0; i < all.length(); i += 2) {
            feed(all.substring(i, i + 2));
        }
        assertEquals(new Inbound.Preconnection(pdu), channel.readInbound());
        assertEquals(REQUEST, frame());
    }

    @Test
    void allMayComeAtOnce() {
        PreconnectionPdu pdu = new PreconnectionPdu(1, 7, "");
        feed(hex(pdu) + REQUEST + REQUEST);
        assertEquals(new Inbound.Preconnection(pdu), channel.readInbound());
        assertEquals(REQUEST, frame());
        assertEquals(REQUEST, frame());
    }

    @Test
    void tlsMayComeAtOnce() {
        feed(HELLO);
        assertEquals(new Inbound.DirectTls(), channel.readInbound());
        assertNotNull(channel.pipeline().get(Pipelines.FIRST_BYTES), "it keeps the bytes until TLS is there");
    }

    @Test
    void tlsMayFollowAPreconnectionPdu() {
        PreconnectionPdu pdu = new PreconnectionPdu(2, 0, "x");
        feed(hex(pdu) + HELLO);
        assertEquals(new Inbound.Preconnection(pdu), channel.readInbound());
        assertEquals(new Inbound.DirectTls(), channel.readInbound());
    }

    @ParameterizedTest
    @ValueSource(strings = {"474554202f20485454502f312e310d0a", "ffffffffffffffffffffffff", "5353482d322e302d"})
    void whatIsNoRdpClientIsRefused(String bytes) {
        assertThrows(DecoderException.class, () -> feed(bytes));
    }

    @Test
    void aSecondPreconnectionPduIsRefused() {
        String pdu = hex(new PreconnectionPdu(1, 7, ""));
        assertThrows(DecoderException.class, () -> feed(pdu + pdu));
    }

    private void feed(String hex) {
        channel.writeInbound(Unpooled.wrappedBuffer(HexFormat.of().parseHex(hex)));
    }

    private String frame() {
        ByteBuf frame = channel.readInbound();
        try {
            return ByteBufUtil.hexDump(frame);
        } finally {
            frame.release();
        }
    }

    private static String hex(PreconnectionPdu pdu) {
        ByteBuf out = Unpooled.buffer();
        pdu.encode(out);
        return ByteBufUtil.hexDump(out);
    }
}
