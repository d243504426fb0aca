// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.vnc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.rdpmux.display.SoundBlock;
import org.rdpmux.display.SoundBlocks;

/** The guest's sound, as the server's bytes have it. */
class ServerSoundTest {

    /** Two channels of signed samples of 16 bits, 44100 a second; then sound is wanted. */
    private static final String ENABLE = "ff010002" + "03" + "02" + "0000ac44" + "ff010000";

    /** The request for the next update. */
    private static final String NEXT = "0301" + "00000000" + "00040003";

    private static final String DISABLE = "ff010001";

    private final Wire wire = Wire.connected(4, 3, "QEMU");

    private String listen(boolean somebody) {
        wire.client.listen(somebody, wire.out());
        return wire.sent();
    }

    /** The server has sound. */
    private String confirm() {
        wire.receive(new ServerBytes().update(1).rectangle(0, 0, 4, 3, Encodings.QEMU_AUDIO));
        return wire.sent();
    }

    /** The header of a message, and of one with data if its length is not negative. */
    private static ServerBytes says(int operation, int length) {
        ServerBytes message = new ServerBytes().bytes(255, 1).u16(operation);
        return length < 0 ? message : message.u32(length);
    }

    private static ServerBytes samples(ServerBytes message, int frames) {
        for (int i = 0; i < frames; i++) {
            message.bytes(0x34, 0x12, 0xfe, 0xff);
        }
        return message;
    }

    private int frames() {
        return wire.seen.sound.stream()
                .mapToInt(block -> block.samples().length / SoundBlock.FRAME_BYTES)
                .sum();
    }

    @Test
    void asksForSoundWhileSomebodyListens() {
        assertEquals(NEXT, confirm(), "before anybody listens");
        assertEquals(ENABLE, listen(true));
        assertEquals("", listen(true));
        assertEquals(DISABLE, listen(false));
        assertEquals(ENABLE, listen(true));
    }

    @Test
    void whoListensBeforeTheServerSaysThatItHasSoundIsHeard() {
        assertEquals("", listen(true));
        assertEquals(NEXT + ENABLE, confirm());
        assertEquals(NEXT, confirm(), "a second confirmation");
    }

    @Test
    void listensFromTheHandshakeOn() {
        Wire early = new Wire(null, true, true);
        early.client.listen(true, early.out());
        early.receive(ServerBytes.greeting(4, 3, "QEMU"));
        early.receive(new ServerBytes().update(1).rectangle(0, 0, 4, 3, Encodings.QEMU_AUDIO));
        assertTrue(early.sent().endsWith(ENABLE));
    }

    @Test
    void samplesArriveInAnyPieces() {
        listen(true);
        confirm();
        byte[] message =
                samples(says(2, 4 * SoundBlocks.FRAMES), SoundBlocks.FRAMES).array();
        for (int piece : new int[] {1, 3, 7, 100_000}) {
            wire.seen.sound.clear();
            for (int at = 0; at < message.length; at += piece) {
                wire.receive(Arrays.copyOfRange(message, at, Math.min(message.length, at + piece)));
            }
            assertEquals(SoundBlocks.FRAMES, frames());
            assertArrayEquals(
                    new byte[] {0x34, 0x12, (byte) 0xfe, (byte) 0xff},
                    Arrays.copyOf(wire.seen.sound.get(0).samples(), SoundBlock.FRAME_BYTES));
        }
    }

    @Test
    void theRestOfABlockIsHeardWhenTheServerSaysThatSoundHasEnded() {
        listen(true);
        confirm();
        wire.receive(says(1, -1)).receive(samples(says(2, 12), 3));
        assertEquals(0, frames());
        wire.receive(says(0, -1));
        assertEquals(3, frames());
    }

    @Test
    void halfAFrameAtTheEndOfAMessageIsPassedOver() {
        listen(true);
        confirm();
        wire.receive(samples(says(2, 7), 1).bytes(1, 2, 3)).receive(samples(says(2, 4), 1));
        wire.receive(says(0, -1));
        assertEquals(2, frames());
    }

    @Test
    void whatWasUnderWayWhenNobodyListensAnyMoreIsPassedOver() {
        listen(true);
        confirm();
        listen(false);
        wire.receive(samples(says(2, 4 * SoundBlocks.FRAMES), SoundBlocks.FRAMES));
        assertEquals(0, frames());
    }

    @Test
    void refusesWhatWasNotAskedForOrIsNoMessage() {
        assertThrows(RfbException.class, () -> wire.receive(says(2, 4)), "before sound was offered");
        for (ServerBytes wrong : new ServerBytes[] {
            says(3, -1),
            new ServerBytes().bytes(255, 2, 0, 0),
            says(2, ServerSound.MAX_DATA + 1),
            says(2, -2).u32(-1)
        }) {
            Wire broken = Wire.connected(4, 3, "QEMU");
            broken.receive(new ServerBytes().update(1).rectangle(0, 0, 4, 3, Encodings.QEMU_AUDIO));
            assertThrows(RfbException.class, () -> broken.receive(wrong));
        }
    }
}
