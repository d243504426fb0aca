// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.input;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.rdpmux.pdu.Hostile;
import org.rdpmux.pdu.PduException;
import org.rdpmux.pdu.input.ClientInput.ExtendedMouse;
import org.rdpmux.pdu.input.ClientInput.Key;
import org.rdpmux.pdu.input.ClientInput.Mouse;
import org.rdpmux.pdu.input.ClientInput.QoeTimestamp;
import org.rdpmux.pdu.input.ClientInput.RelativeMouse;
import org.rdpmux.pdu.input.ClientInput.Synchronize;
import org.rdpmux.pdu.input.ClientInput.UnicodeKey;
import org.rdpmux.pdu.share.SlowPathInput;

class ClientInputTest {

    private static final List<ClientInput> EVERYTHING_IN_BOTH = List.of(
            new Synchronize(new LockFlags(true, false, true, false)),
            new Key(0x1e, true, false, false),
            new Key(0x1e, false, false, false),
            new Key(0x1d, true, true, false),
            new Key(0x1d, true, false, true),
            new UnicodeKey(0x20ac, true),
            new UnicodeKey(0x20ac, false),
            new Mouse(Mouse.MOVE | Mouse.BUTTON1 | Mouse.DOWN, 639, 479),
            new ExtendedMouse(ExtendedMouse.DOWN | ExtendedMouse.BUTTON2, 1, 65535),
            new RelativeMouse(Mouse.MOVE, -5, 32767));

    private static byte[] hex(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }

    @Test
    void readsEveryFastPathEvent() {
        List<ClientInput> events = new ArrayList<>(EVERYTHING_IN_BOTH);
        events.add(new QoeTimestamp(0xfffffffeL));
        assertEquals(
                events,
                Hostile.check(new FastPathInput(events), FastPathInput::decode).events());
    }

    @Test
    void readsEverySlowPathEvent() {
        SlowPathInput pdu = new SlowPathInput(EVERYTHING_IN_BOTH);
        assertEquals(
                EVERYTHING_IN_BOTH, Hostile.check(pdu, SlowPathInput::decode).events());
        Hostile.refusesTruncation(Hostile.encode(pdu), SlowPathInput::decode);
    }

    @Test
    void readsKeyPressAsClientsSendIt() {
        // one event in the header, length 4, scan code 1e down; then released
        assertEquals(
                List.of(new Key(0x1e, true, false, false)),
                FastPathInput.decode(Unpooled.wrappedBuffer(hex("04 04 00 1e"))).events());
        assertEquals(
                List.of(new Key(0x1e, false, false, false)),
                FastPathInput.decode(Unpooled.wrappedBuffer(hex("04 04 01 1e"))).events());
    }

    @Test
    void readsNumberOfEventsBehindTwoByteLength() {
        assertEquals(
                List.of(new Synchronize(LockFlags.of(2)), new Mouse(0x0800, 0x0102, 0x0304)),
                FastPathInput.decode(Unpooled.wrappedBuffer(hex("00 80 0c 02 62 20 00 08 02 01 04 03")))
                        .events());
    }

    @Test
    void carriesMoreEventsThanFitTheHeader() {
        for (int count : new int[] {0, 1, 15, 16, 62, 63, 64, 255}) {
            List<ClientInput> events = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                events.add(new Key(i, true, false, false));
            }
            assertEquals(
                    events,
                    Hostile.roundTrip(new FastPathInput(events), FastPathInput::decode)
                            .events());
        }
    }

    @Test
    void refusesEncryptedAndUnknownAndTrailing() {
        for (String bad : List.of("84 04 00 1e", "07 04 00 1e", "04 03 e0", "04 05 00 1e 00", "08 04 00 1e")) {
            PduException e =
                    assertThrows(PduException.class, () -> FastPathInput.decode(Unpooled.wrappedBuffer(hex(bad))), bad);
            assertEquals("TS_FP_INPUT", e.structure().substring(0, 11));
        }
    }

    @Test
    void passesOverSlowPathEventsWithoutUse() {
        byte[] bytes = hex("0200 0000  00000000 0200 000000000000  00000000 0400 0000 1e00 0000");
        assertEquals(
                List.of(new Key(0x1e, true, false, false)),
                SlowPathInput.decode(Unpooled.wrappedBuffer(bytes)).events());
    }

    @Test
    void readsWheelRotationAsNineBitTwosComplement() {
        assertEquals(120, new Mouse(Mouse.WHEEL | 0x78, 0, 0).rotation());
        assertEquals(-120, new Mouse(Mouse.WHEEL | 0x188, 0, 0).rotation());
        assertEquals(-1, new Mouse(Mouse.WHEEL | 0x1ff, 0, 0).rotation());
        for (int rotation : new int[] {-256, -120, -1, 0, 1, 120, 255}) {
            assertEquals(rotation, new Mouse(Mouse.WHEEL | Mouse.rotationBits(rotation), 0, 0).rotation());
        }
        assertEquals(255, new Mouse(Mouse.rotationBits(1000), 0, 0).rotation());
        assertEquals(-256, new Mouse(Mouse.rotationBits(-1000), 0, 0).rotation());
    }

    @Test
    void writesWhatItReads() {
        assertArrayEquals(
                hex("0c 0a 00 2a 80 41 00 81 41 00"),
                Hostile.encode(new FastPathInput(List.of(
                        new Key(0x2a, true, false, false), new UnicodeKey(0x41, true), new UnicodeKey(0x41, false)))));
    }
}
