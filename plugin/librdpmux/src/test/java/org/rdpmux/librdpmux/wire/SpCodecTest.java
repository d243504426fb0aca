// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.librdpmux.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderException;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rdpmux.librdpmux.wire.TransportReady.Framing;

class SpCodecTest {

    /** A guest's first message over nanomsg, as captured. */
    private static final String SWITCH = "010000000000000018" + "9401ce20020888cd0280cd01e00000000000000000000000";

    private final EmbeddedChannel channel =
            new EmbeddedChannel(new TransportSniffer(Set.of(Framing.SP), ""), new EventsToMessages());

    private void receive(String hex) {
        channel.writeInbound(Unpooled.wrappedBuffer(Bytes.hex(hex)));
    }

    @Test
    void greetsAndPassesPayloads() {
        receive(Bytes.SP_HEADER + SWITCH);
        assertEquals(Bytes.SP_HEADER, Bytes.sent(channel));
        assertEquals(new TransportReady(Framing.SP), channel.readInbound());
        assertArrayEquals(Bytes.hex(SWITCH.substring(18)), channel.<byte[]>readInbound());
        assertNull(channel.readInbound());
        channel.finishAndReleaseAll();
    }

    @Test
    void framesPayloadsAsCaptured() {
        receive(Bytes.SP_HEADER);
        Bytes.sent(channel);
        channel.writeOutbound((Object) Bytes.hex("920401"));
        assertEquals("010000000000000003920401", Bytes.sent(channel));
        channel.finishAndReleaseAll();
    }

    @Test
    void doesNotCareHowTheBytesArrive() {
        byte[] stream = Bytes.hex(Bytes.SP_HEADER + SWITCH + SWITCH);
        for (byte b : stream) {
            channel.writeInbound(Unpooled.wrappedBuffer(new byte[] {b}));
        }
        assertEquals(new TransportReady(Framing.SP), channel.readInbound());
        assertEquals(24, channel.<byte[]>readInbound().length);
        assertEquals(24, channel.<byte[]>readInbound().length);
        channel.finishAndReleaseAll();
    }

    @Test
    void passesEmptyPayloadsOn() {
        receive(Bytes.SP_HEADER + "010000000000000000");
        channel.readInbound();
        assertEquals(0, channel.<byte[]>readInbound().length);
        channel.finishAndReleaseAll();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0053500000110000", // another pattern
                "0053500100100000", // another version
                "0053500000100001", // reserved bits
                "00" + "ff",
                Bytes.SP_HEADER + "020000000000000003", // shared memory messages
                Bytes.SP_HEADER + "010000000000001001", // one byte too long
                Bytes.SP_HEADER + "01ffffffffffffffff",
                "ff00000000000000017f", // ZeroMQ, which this version does not speak
                "47455420",
            })
    void refusesEverythingElse(String hex) {
        assertThrows(DecoderException.class, () -> {
            receive(hex);
            receive("00".repeat(8));
        });
        channel.finishAndReleaseAll();
    }

    @Test
    void survivesNoise() {
        Random random = new Random(2);
        for (int i = 0; i < 2000; i++) {
            EmbeddedChannel noisy = new EmbeddedChannel(new TransportSniffer(Set.of(Framing.SP), ""));
            byte[] noise = new byte[random.nextInt(64)];
            random.nextBytes(noise);
            try {
                noisy.writeInbound(Unpooled.wrappedBuffer(Bytes.hex(Bytes.SP_HEADER)), Unpooled.wrappedBuffer(noise));
            } catch (DecoderException expected) {
                assertTrue(expected.getCause() instanceof MalformedMessageException, expected.toString());
            }
            noisy.finishAndReleaseAll();
        }
    }
}
