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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rdpmux.librdpmux.wire.TransportReady.Framing;

class ZmtpCodecTest {

    private static final String UUID = "9ef9c21a-ab49-45ae-a273-38c9f53e5127";
    private static final String UUID_FRAME =
            "012439656639633231612d616234392d343561652d613237332d333863396635336535313237";
    private static final String UPDATE = "95000000cd01505000000000000000000000000000000000";
    /** A guest's message, as captured. */
    private static final String MESSAGE = UUID_FRAME + "0018" + UPDATE;

    private final EmbeddedChannel channel = channel();

    private static EmbeddedChannel channel() {
        return new EmbeddedChannel(new TransportSniffer(Set.of(Framing.ZMTP), UUID), new EventsToMessages());
    }

    private void receive(String hex) {
        channel.writeInbound(Unpooled.wrappedBuffer(Bytes.hex(hex)));
    }

    private void shakeHands() {
        receive(Bytes.DEALER_HANDSHAKE);
        assertEquals(Bytes.ROUTER_HANDSHAKE, Bytes.sent(channel));
        assertEquals(new TransportReady(Framing.ZMTP), channel.readInbound());
    }

    @AfterEach
    void release() {
        channel.finishAndReleaseAll();
    }

    @Test
    void greetsOnceThePeersSignatureIsThere() {
        receive("ff00000000000000017f");
        assertEquals(Bytes.ROUTER_HANDSHAKE.substring(0, 128), Bytes.sent(channel));
    }

    @Test
    void passesPayloadsAfterTheHandshake() {
        shakeHands();
        receive(MESSAGE + MESSAGE);
        assertArrayEquals(Bytes.hex(UPDATE), channel.<byte[]>readInbound());
        assertArrayEquals(Bytes.hex(UPDATE), channel.<byte[]>readInbound());
        assertNull(channel.readInbound());
    }

    @Test
    void doesNotCareHowTheBytesArrive() {
        for (byte b : Bytes.hex(Bytes.DEALER_HANDSHAKE + MESSAGE + MESSAGE)) {
            channel.writeInbound(Unpooled.wrappedBuffer(new byte[] {b}));
        }
        assertEquals(new TransportReady(Framing.ZMTP), channel.readInbound());
        assertArrayEquals(Bytes.hex(UPDATE), channel.<byte[]>readInbound());
        assertArrayEquals(Bytes.hex(UPDATE), channel.<byte[]>readInbound());
    }

    @Test
    void addressesPayloadsAsCaptured() {
        shakeHands();
        channel.writeOutbound((Object) Bytes.hex("9304013c"));
        assertEquals(UUID_FRAME + "00049304013c", Bytes.sent(channel));
    }

    @Test
    void takesLongFramesAndWritesThem() {
        shakeHands();
        receive(UUID_FRAME + "02" + "0000000000001000" + "ab".repeat(4096));
        assertEquals(4096, channel.<byte[]>readInbound().length);
        channel.writeOutbound((Object) new byte[256]);
        assertEquals(UUID_FRAME + "02" + "0000000000000100" + "00".repeat(256), Bytes.sent(channel));
    }

    @Test
    void answersPings() {
        shakeHands();
        receive("0409" + "0450494e47" + "0064" + "abcd");
        assertEquals("0407" + "04504f4e47" + "abcd", Bytes.sent(channel));
        receive("0405" + "04504f4e47");
        assertEquals("", Bytes.sent(channel));
    }

    @Test
    void takesVersion30AndNamedDealers() {
        String greeting = "ff00000000000000017f0300" + "4e554c4c" + "00".repeat(48);
        String ready =
                "042b0552454144590b536f636b65742d54797065000000064445414c4552084964656e7469747900000002" + "6162";
        receive(greeting + ready + MESSAGE);
        assertEquals(new TransportReady(Framing.ZMTP), channel.readInbound());
        assertArrayEquals(Bytes.hex(UPDATE), channel.<byte[]>readInbound());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ff000000000000000100", // no signature
                "ff00000000000000017f01", // version 2
                "ff00000000000000017f0301504c41494e", // PLAIN
            })
    void refusesOtherGreetings(String start) {
        assertThrows(DecoderException.class, () -> receive(start + "00".repeat(64)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                MESSAGE, // before READY
                "0405" + "0450494e47", // PING before READY
                "0406055245414459", // no socket type
                "041c0552454144590b536f636b65742d547970650000000653554253435200", // a subscriber
                "040b0552454144590541424344", // cut short
                "04070552454144590500",
                "0410" + "0552454144590141ffffffff00000000",
                "0409054552524f5203746f6f", // ERROR
                "04010a", // name longer than the command
                "0400",
                "0600000000000004010000", // command beyond its bound
            })
    void refusesOtherHandshakes(String afterGreeting) {
        assertThrows(
                DecoderException.class,
                () -> receive(Bytes.DEALER_HANDSHAKE.substring(0, 128) + afterGreeting + "00".repeat(16)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0818", // reserved flags
                "0505", // a command cannot have more
                "020000000000001001", // one byte beyond the bound
                "02ffffffffffffffff",
                "0002abcd", // no UUID
                "0104000000000000" + "000190", // another UUID
                UUID_FRAME + "0100" + "000190", // three frames
                "0100010001000100010000", // too many frames
                "04080753554253435242", // a command no dealer sends
                "0418" + "0450494e47" + "0064" + "0000000000000000000000000000000000", // a ping with a long context
                "0405" + "0450494e47", // and one without a time to live
            })
    void refusesWhatNoGuestSends(String afterHandshake) {
        shakeHands();
        assertThrows(DecoderException.class, () -> receive(afterHandshake + "00".repeat(16)));
    }

    @Test
    void survivesNoise() {
        Random random = new Random(3);
        for (int i = 0; i < 2000; i++) {
            EmbeddedChannel noisy = channel();
            byte[] noise = new byte[random.nextInt(80)];
            random.nextBytes(noise);
            if (noise.length > 0) {
                noise[0] &= 7;
            }
            String start = Bytes.DEALER_HANDSHAKE.substring(0, i % 2 == 0 ? 128 : Bytes.DEALER_HANDSHAKE.length());
            try {
                noisy.writeInbound(Unpooled.wrappedBuffer(Bytes.hex(start)), Unpooled.wrappedBuffer(noise));
            } catch (DecoderException expected) {
                assertTrue(expected.getCause() instanceof MalformedMessageException, expected.toString());
            }
            noisy.finishAndReleaseAll();
        }
    }

    @Test
    void waitsForTheRestAtEachLength() {
        byte[] stream = Bytes.hex(Bytes.DEALER_HANDSHAKE + MESSAGE);
        for (int length = 0; length < stream.length; length++) {
            EmbeddedChannel cut = channel();
            cut.writeInbound(Unpooled.copiedBuffer(stream, 0, length));
            Object first = cut.readInbound();
            assertTrue(first == null || first instanceof TransportReady, "length " + length);
            assertNull(cut.readInbound(), "length " + length);
            cut.finishAndReleaseAll();
        }
    }
}
