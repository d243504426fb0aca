// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.librdpmux.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.rdpmux.librdpmux.wire.GuestMessage.Numbered;
import org.rdpmux.librdpmux.wire.GuestMessage.Shutdown;
import org.rdpmux.librdpmux.wire.GuestMessage.SwitchMode;
import org.rdpmux.librdpmux.wire.GuestMessage.Update;

class GuestMessageTest {

    private static Numbered decode(String hex) {
        return GuestMessage.decode(Unpooled.wrappedBuffer(Bytes.hex(hex)));
    }

    @ParameterizedTest
    @CsvSource({
        "9401ce20020888cd0280cd01e00000000000000000000000, ZERO_BASED, 640, 480",
        "9402ce20020888cd0280cd01e00000000000000000000000, ONE_BASED, 640, 480",
        "9401ce20020888cd0400cd03000000000000000000000000, ZERO_BASED, 1024, 768",
        "9402ce20020888cd0780cd04380000000000000000000000, ONE_BASED, 1920, 1080",
    })
    void readsModesAsGuestsSendThem(String hex, Numbering numbering, long width, long height) {
        assertEquals(new Numbered(new SwitchMode(0x20020888, width, height), numbering), decode(hex));
    }

    @ParameterizedTest
    @CsvSource({
        "95000000cd01505000000000000000000000000000000000, ZERO_BASED, 0, 0, 336, 80",
        "95010000cd01505000000000000000000000000000000000, ONE_BASED, 0, 0, 336, 80",
        "95004840081000000000000000000000000000000000, ZERO_BASED, 72, 64, 8, 16",
        "95010000cd04f070, ONE_BASED, 0, 0, 1264, 112",
        "9501ccffcd0100ce00010000ce7fffffff, ONE_BASED, 255, 256, 65536, 2147483647",
    })
    void readsUpdatesAsGuestsSendThem(String hex, Numbering numbering, long x, long y, long width, long height) {
        assertEquals(new Numbered(new Update(x, y, width, height), numbering), decode(hex));
    }

    @Test
    void readsGoodbyesOfBothNumberings() {
        assertEquals(new Numbered(new Shutdown(), Numbering.ZERO_BASED), decode("9105" + "00".repeat(22)));
        assertEquals(new Numbered(new Shutdown(), Numbering.ONE_BASED), decode("9106" + "00".repeat(22)));
    }

    @Test
    void keepsSizesNegativeThatSlippedThroughAsUnsigned() {
        Update update =
                (Update) decode("9500cfffffffffffffff000000cfffffffffffffffff").message();
        assertEquals(new Update(-256, 0, 0, -1), update);
    }

    @Test
    void skipsWhateverFollowsTheFirstObject() {
        assertEquals(decode("95000102030400"), decode("950001020304 c1c1c1c1ffffffff9500"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", // nothing
                "90", // an empty array, which killed the original server
                "95", // no type
                "c0", // nil
                "dc0005", // a long array
                "8500", // a map
                "9502000000", // the pointer's type
                "9403010101", // in 4 elements the keyboard's
                "9401c0cd0280cd01e0", // nil for a format
                "9401d220020888cd0280cd01e0", // a signed integer
                "9500000000ca00000000", // a float
                "9500cc7f000000", // not in the shortest form
                "9500cd00ff000000",
                "9500ce0000ffff000000",
                "9500cf00000000ffffffff000000",
                "9100",
                "9107", // no goodbye
                "92040100",
                "9304011e", // acknowledges come from us
                "96000000000000", // too many
            })
    void refusesWhatNoGuestSends(String hex) {
        assertThrows(MalformedMessageException.class, () -> decode(hex));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "9401ce20020888cd0280cd01e0",
                "9501cccccdccddce000c0ccdcfffffffffffffff00",
                "9105",
            })
    void refusesMessagesCutShortAtEachLength(String hex) {
        byte[] whole = Bytes.hex(hex);
        for (int length = 0; length < whole.length; length++) {
            ByteBuf cut = Unpooled.wrappedBuffer(Arrays.copyOf(whole, length));
            assertThrows(MalformedMessageException.class, () -> GuestMessage.decode(cut), "length " + length);
        }
        GuestMessage.decode(Unpooled.wrappedBuffer(whole));
    }

    @Test
    void survivesNoise() {
        Random random = new Random(1);
        int understood = 0;
        for (int i = 0; i < 200_000; i++) {
            byte[] noise = new byte[random.nextInt(32)];
            random.nextBytes(noise);
            if (noise.length > 1 && random.nextBoolean()) {
                noise[0] = (byte) (0x90 | random.nextInt(6));
                noise[1] = (byte) random.nextInt(7);
            }
            try {
                GuestMessage.decode(Unpooled.wrappedBuffer(noise));
                understood++;
            } catch (MalformedMessageException expected) {
                assertTrue(expected.getMessage().startsWith("message: "), expected.getMessage());
            }
        }
        assertTrue(understood > 1000, "only " + understood + " were messages");
    }
}
