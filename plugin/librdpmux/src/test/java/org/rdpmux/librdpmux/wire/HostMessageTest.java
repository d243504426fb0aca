// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.librdpmux.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rdpmux.librdpmux.wire.HostMessage.Complete;
import org.rdpmux.librdpmux.wire.HostMessage.CompleteAtRate;
import org.rdpmux.librdpmux.wire.HostMessage.Keyboard;
import org.rdpmux.librdpmux.wire.HostMessage.Mouse;

class HostMessageTest {

    private static String encode(HostMessage message, Numbering numbering) {
        return Bytes.hex(message.toBytes(numbering));
    }

    @Test
    void writesKeysAsTheOriginalServer() {
        assertEquals("93041ecd4000", encode(new Keyboard(0x1e, Keyboard.DOWN), Numbering.ONE_BASED));
        assertEquals("93041ecd8000", encode(new Keyboard(0x1e, Keyboard.UP), Numbering.ONE_BASED));
        assertEquals(
                "93034bcd4100", encode(new Keyboard(0x4b, Keyboard.DOWN | Keyboard.EXTENDED), Numbering.ZERO_BASED));
    }

    @Test
    void writesThePointerAsTheOriginalServer() {
        assertEquals("9403cd012cccc8cd0800", encode(new Mouse(300, 200, Mouse.MOVE), Numbering.ONE_BASED));
        assertEquals(
                "9403cd012cccc8cd9000", encode(new Mouse(300, 200, Mouse.LEFT | Mouse.PRESSED), Numbering.ONE_BASED));
        assertEquals("9402cd0136ccd2cd1000", encode(new Mouse(310, 210, Mouse.LEFT), Numbering.ZERO_BASED));
    }

    @Test
    void writesAcknowledgesAsTheOriginalServers() {
        assertEquals("920401", encode(new Complete(), Numbering.ZERO_BASED));
        assertEquals("9304011e", encode(new CompleteAtRate(30), Numbering.ZERO_BASED));
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MIN_VALUE, -1, 0, 1, 16, 61, Integer.MAX_VALUE})
    void neverAcknowledgesAtARateThatHarmsTheGuest(int rate) {
        assertThrows(IllegalArgumentException.class, () -> new CompleteAtRate(rate));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 0x7f, 0x80, 0xff, 0x100, 0xffff, 0x10000, Integer.MAX_VALUE})
    void writesWhatItReads(int value) {
        ByteBuf buffer = Unpooled.buffer();
        MsgPack.writeUnsigned(buffer, value);
        assertEquals(value, MsgPack.readUnsigned(buffer, "value"));
        assertEquals(0, buffer.readableBytes());
    }

    @Test
    void fitsTheLongestMessage() {
        Mouse longest = new Mouse(Integer.MAX_VALUE, Integer.MAX_VALUE, 0xffff);
        assertEquals("9403ce7fffffffce7fffffffcdffff", encode(longest, Numbering.ONE_BASED));
    }
}
