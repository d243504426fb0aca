// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.vnc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.zip.Inflater;
import org.junit.jupiter.api.Test;
import org.rdpmux.display.ClipboardEvent;
import org.rdpmux.display.PixelBudget;
import org.rdpmux.display.testing.Recorder;

/** The guest's clipboard, as the server's bytes have it. */
class CutTextTest {

    private static final int MAX = 10_000;
    private static final int TEXT = 1;
    private static final ClipboardEvent OFFER = new ClipboardEvent.Offer(true);
    private static final ClipboardEvent REQUEST = new ClipboardEvent.Request();

    /** As QEMU says them: caps, request, notify and provide, and text never unasked. */
    private static final int[] CAPS = {0x1b000001, 0};

    private static final String OUR_CAPS = "06000000" + "fffffff8" + "1f000001" + "00000000";

    private Wire wire = Wire.clipboard("test", MAX);

    private void with(String serverName) {
        wire = Wire.clipboard(serverName, MAX);
        extended();
    }

    /** The server has the extended clipboard. */
    private void extended() {
        wire.sent();
        wire.receive(new ServerBytes().cutText(-8).u32(CAPS));
        assertEquals(OUR_CAPS, wire.sent());
    }

    private void says(int flags) {
        wire.receive(new ServerBytes().cutText(-4).u32(flags));
    }

    private String say(ClipboardEvent event) {
        wire.client.clipboard(event, wire.out());
        return wire.sent();
    }

    private List<ClipboardEvent> heard() {
        List<ClipboardEvent> heard = List.copyOf(wire.seen.clipboard);
        wire.seen.clipboard.clear();
        return heard;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** The text of a Provide message. */
    private static String provided(String message) throws Exception {
        byte[] bytes = HexFormat.of().parseHex(message);
        ByteBuf in = Unpooled.wrappedBuffer(bytes);
        assertEquals(0x06000000, in.readInt());
        assertEquals(8 - bytes.length, in.readInt());
        assertEquals(0x10000001, in.readInt());
        Inflater inflater = new Inflater();
        inflater.setInput(bytes, 12, bytes.length - 12);
        byte[] plain = new byte[1 << 16];
        int size = inflater.inflate(plain);
        assertTrue(inflater.finished());
        inflater.end();
        assertEquals(size - 4, Unpooled.wrappedBuffer(plain).readInt());
        return new String(plain, 4, size - 4, StandardCharsets.UTF_8);
    }

    @Test
    void isAskedForOnlyWhereItIsExchanged() {
        assertTrue(wire.sent().contains("c0a1e5ce"));
        Wire without = new Wire(null, true, true);
        without.receive(ServerBytes.greeting(4, 3, "test"));
        assertFalse(without.sent().contains("c0a1e5ce"));
        without.receive(new ServerBytes().cutText(-8).u32(CAPS).cutText(1).bytes('a'));
        assertEquals("", without.sent());
        assertEquals(List.of(), without.seen.clipboard);
    }

    @Test
    void guestCopiesAndIsAskedWhenAViewerPastes() {
        extended();
        says(0x08000001);
        assertEquals(List.of(OFFER), heard());
        assertEquals("", wire.sent());
        assertEquals("06000000" + "fffffffc" + "02000001", say(REQUEST));
        assertEquals("", say(REQUEST), "it has not answered yet");
        wire.receive(new ServerBytes().provide(0x10000001, utf8("Gr\u00fc\u00dfe\r\n\ud83d\ude00\0")));
        assertEquals(List.of(new ClipboardEvent.Text("Gr\u00fc\u00dfe\n\ud83d\ude00")), heard());
        wire.receive(new ServerBytes().provide(0x10000001, utf8("unasked")));
        assertEquals(List.of(), heard());
        says(0x08000000);
        assertEquals(List.of(ClipboardEvent.NOTHING), heard());
    }

    @Test
    void viewerCopiesAndIsAskedWhenTheGuestPastes() throws Exception {
        extended();
        assertEquals("06000000" + "fffffffc" + "08000001", say(OFFER));
        assertEquals(List.of(), heard());
        says(0x02000001);
        assertEquals(List.of(REQUEST), heard());
        assertEquals("a\r\n\ud83d\ude00\0", provided(say(new ClipboardEvent.Text("a\n\ud83d\ude00"))));
        assertEquals("\0", provided(say(ClipboardEvent.EMPTY)), "it waits");
        assertEquals("\0", provided(say(new ClipboardEvent.Text("a".repeat(MAX)))), "too long with its NUL");
        assertEquals("06000000" + "fffffffc" + "08000000", say(ClipboardEvent.NOTHING));
    }

    /** QEMU hands on what it gets, and what it has, byte for byte. */
    @Test
    void qemuGetsTextAsAGuestHasIt() throws Exception {
        with("QEMU (web1)");
        assertEquals("a\n\u00e4", provided(say(new ClipboardEvent.Text("a\n\u00e4"))));
        assertEquals("", provided(say(ClipboardEvent.EMPTY)));
        say(REQUEST);
        wire.receive(new ServerBytes().provide(0x10000001, utf8("a\n\u00e4")));
        assertEquals(List.of(new ClipboardEvent.Text("a\n\u00e4")), heard());
    }

    @Test
    void peekIsAnsweredWithWhatThereIs() {
        extended();
        says(0x04000000);
        assertEquals("06000000" + "fffffffc" + "08000000", wire.sent());
        say(OFFER);
        says(0x04000000);
        assertEquals("06000000" + "fffffffc" + "08000001", wire.sent());
        says(0x08000001);
        says(0x04000000);
        assertEquals("06000000" + "fffffffc" + "08000000", wire.sent(), "the guest's has replaced it");
    }

    @Test
    void offerThatWasMadeBeforeTheServerSpokeIsNotForgotten() {
        Wire early = new Wire(null, new RfbClient.Setup(true, Optional.empty(), PixelBudget.unlimited(), MAX), true);
        early.client.clipboard(OFFER, early.out());
        early.receive(ServerBytes.greeting(4, 3, "test"));
        early.sent();
        early.receive(new ServerBytes().cutText(-8).u32(CAPS));
        assertEquals(OUR_CAPS + "06000000" + "fffffffc" + "08000001", early.sent());
    }

    @Test
    void plainTextIsKeptUntilAViewerPastes() {
        wire.sent();
        wire.receive(new ServerBytes().cutText(5).bytes('G', 'r', 0xfc, 0xdf, '\n'));
        assertEquals(List.of(OFFER), heard());
        assertEquals("", say(REQUEST));
        say(REQUEST);
        ClipboardEvent text = new ClipboardEvent.Text("Gr\u00fc\u00df\n");
        assertEquals(List.of(text, text), heard(), "as often as it is pasted");
    }

    @Test
    void plainServerIsGivenWhatAViewerCopiesAtOnce() {
        wire.sent();
        assertEquals("", say(OFFER));
        assertEquals(List.of(REQUEST), heard());
        assertEquals("06000000" + "00000004" + "47723f0a", say(new ClipboardEvent.Text("Gr\ud83d\ude00\n")));
        assertEquals("", say(ClipboardEvent.EMPTY), "what it has stays");
        assertEquals("", say(new ClipboardEvent.Text("a".repeat(MAX + 1))));
    }

    @Test
    void textThatIsTooLongIsNotToBeHadAndNotCollected() {
        wire.receive(new ServerBytes().cutText(1).bytes('a'));
        wire.receive(new ServerBytes().cutText(MAX + 1));
        heard();
        for (int i = 0; i <= MAX; i++) {
            wire.receive(new byte[] {'b'});
            assertEquals(0, wire.held());
        }
        assertEquals(List.of(ClipboardEvent.NOTHING), heard());
        say(REQUEST);
        assertEquals(List.of(ClipboardEvent.EMPTY), heard());
    }

    @Test
    void extendedTextThatIsTooLongIsNotInflated() {
        extended();
        say(REQUEST);
        wire.receive(new ServerBytes().provide(0x10000001, new byte[100 * MAX]));
        assertEquals(List.of(ClipboardEvent.EMPTY), heard());
        say(REQUEST);
        byte[] noise = new byte[3 * MAX];
        new Random(1).nextBytes(noise);
        wire.receive(new ServerBytes().provide(0x10000001, noise));
        assertEquals(List.of(ClipboardEvent.EMPTY), heard());
        say(REQUEST);
        wire.receive(new ServerBytes().provide(0x10000001, utf8("a".repeat(MAX))));
        assertEquals(List.of(new ClipboardEvent.Text("a".repeat(MAX))), heard());
    }

    @Test
    void newOfferVoidsTheRequestForWhatWasThereBefore() {
        extended();
        say(REQUEST);
        says(0x08000001);
        assertEquals(List.of(ClipboardEvent.EMPTY, OFFER), heard());
    }

    @Test
    void refusesTextThatIsNone() {
        extended();
        say(REQUEST);
        byte[] whole = new ServerBytes().provide(0x10000001, utf8("abc")).array();
        ServerBytes shorter = new ServerBytes().cutText(-10).bytes(Arrays.copyOfRange(whole, 8, 18));
        String ends =
                assertThrows(RfbException.class, () -> wire.receive(shorter)).getMessage();
        assertTrue(ends.contains("ServerCutText data ends"), ends);
        with("test");
        say(REQUEST);
        ServerBytes rubbish = new ServerBytes().cutText(-12).u32(0x10000001).bytes(1, 2, 3, 4, 5, 6, 7, 8);
        String no =
                assertThrows(RfbException.class, () -> wire.receive(rubbish)).getMessage();
        assertTrue(no.contains("is not a zlib stream"), no);
    }

    /** Bytes of a message arrive in several reads, each with a buffer of its own for what is sent. */
    @Test
    void answersIntoTheBufferOfTheReadThatCompletesAMessage() {
        RfbClient.Setup setup = new RfbClient.Setup(true, Optional.empty(), PixelBudget.unlimited(), MAX);
        byte[] caps = new ServerBytes().cutText(-8).u32(CAPS).array();
        byte[] size = new ServerBytes()
                .update(1)
                .rectangle(0, 0, 5, 5, Encodings.EXTENDED_DESKTOP_SIZE)
                .bytes(1, 0, 0, 0)
                .u32(7)
                .u16(0, 0, 5, 5)
                .u32(0)
                .array();
        for (byte[] message : List.of(caps, size)) {
            try (RfbClient client = new RfbClient(new Recorder(), null, setup, true)) {
                ByteBuf in = Unpooled.buffer()
                        .writeBytes(ServerBytes.greeting(4, 3, "test").array());
                client.receive(in, Unpooled.buffer(), 0);
                for (int at = 0; at < message.length; at++) {
                    ByteBuf out = Unpooled.buffer();
                    client.receive(in.writeBytes(message, at, 1), out, 0);
                    boolean last = at == message.length - 1;
                    assertEquals(last || at == 3 && message == size, out.isReadable(), "byte " + at);
                    out.release();
                }
            }
        }
    }
}
