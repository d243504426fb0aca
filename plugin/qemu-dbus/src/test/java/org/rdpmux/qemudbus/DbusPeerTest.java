// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.qemudbus;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DbusPeerTest {

    /** GetAll of the listener's properties, as another implementation writes it. */
    private static final String GET_ALL = "6c0100011f000000010000006700000001016f001b0000002f6f72672f71656d752f446973"
            + "706c6179312f4c697374656e65720000000000020173001f0000006f72672e667265656465736b746f702e444275732e50726f"
            + "70657274696573000301730006000000476574416c6c000008016700017300001a0000006f72672e71656d752e446973706c61"
            + "79312e4c697374656e657200";

    /** Method D of the interface b.c at /a with one number, likewise. */
    private static final String CALL = "6c01000104000000010000003700000001016f00020000002f6100000000000002017300030000"
            + "00622e63000000000003017300010000004400000000000000080167000175000004030201";

    private final List<MessageHeader> heard = new ArrayList<>();
    private final List<byte[]> sent = new ArrayList<>();
    private final Descriptors arrived = new Descriptors();
    private final DbusPeer peer =
            new DbusPeer(0, (header, body, descriptors) -> heard.add(header), (message, descriptor) -> {
                sent.add(ByteBufUtil.getBytes(message));
                message.release();
            });

    @AfterEach
    void close() {
        peer.close();
        arrived.close();
    }

    private void receive(byte[] bytes) {
        ByteBuf in = Unpooled.wrappedBuffer(bytes);
        peer.receive(in, arrived);
    }

    private void receive(String text) {
        receive(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private void authenticate() {
        receive("OK 0123\r\nAGREE_UNIX_FD\r\n");
    }

    private static byte[] message(MessageHeader header, byte... body) {
        ByteBuf out = Unpooled.buffer();
        header.write(7, Unpooled.wrappedBuffer(body), out);
        return ByteBufUtil.getBytes(out);
    }

    private static MessageHeader call(String signature) {
        return MessageHeader.call("/a", "b.c", "D", signature);
    }

    private void assertBroken(String end, byte[] bytes) {
        String message = assertThrows(DbusException.class, () -> receive(bytes)).getMessage();
        assertTrue(message.startsWith("broke the protocol: ") && message.endsWith(end), message);
    }

    @Test
    void readsMessagesOfOthers() {
        authenticate();
        receive(HexFormat.of().parseHex(GET_ALL));
        MessageHeader header = heard.get(0);
        assertEquals("/org/qemu/Display1/Listener", header.path());
        assertEquals("org.freedesktop.DBus.Properties", header.interfaceName());
        assertEquals("GetAll", header.member());
        assertEquals("s", header.signature());
        assertTrue(header.isReplyWanted());
    }

    @Test
    void writesMessagesAsOthersDo() {
        authenticate();
        peer.call(call("u"), out -> out.int32(0x01020304), new Silent());
        assertArrayEquals(HexFormat.of().parseHex(CALL), sent.get(1));
    }

    private static final class Silent implements DbusPeer.Reply {
        @Override
        public void returned(MessageHeader header, DbusReader body) {}

        @Override
        public void refused(String error) {}
    }

    @Test
    void saysWhatAServerSaysThatRefusesIt() {
        String message = assertThrows(DbusException.class, () -> receive("REJECTED EXTERNAL\u0007\r\n"))
                .getMessage();
        assertEquals("refused to talk to us: REJECTED EXTERNAL?", message);
    }

    @Test
    void aServerThatCarriesNoDescriptorsIsRefused() {
        assertThrows(DbusException.class, () -> receive("OK 0123\r\nERROR\r\n"));
    }

    @Test
    void waitsForALineButNotForALongOne() {
        receive("OK ");
        assertBroken("512 bytes", "x".repeat(Authentication.MAX_LINE + 1).getBytes(StandardCharsets.ISO_8859_1));
    }

    @Test
    void answersToNobodysQuestionsAreIgnored() {
        authenticate();
        receive(message(MessageHeader.reply(99, "")));
        receive(message(MessageHeader.error(99, "a.b"), new byte[] {0, 0, 0, 0, 0}));
        receive(message(call("")));
        assertEquals(1, heard.size());
    }

    /** Each byte of a header, one by one, replaced by what nothing may come of. */
    @ParameterizedTest
    @ValueSource(strings = {"0 42", "3 02", "4 ffffffff", "4 00000009", "8 00000000", "12 ffffffff", "12 00010000"})
    void refusesHeadersThatBreakTheRules(String change) {
        authenticate();
        byte[] bytes = message(call(""));
        byte[] put = HexFormat.of().parseHex(change.split(" ")[1]);
        for (int i = 0; i < put.length; i++) { // little-endian
            bytes[Integer.parseInt(change.split(" ")[0]) + i] = put[put.length - 1 - i];
        }
        assertThrows(DbusException.class, () -> receive(bytes));
        assertEquals(List.of(), heard);
    }

    @Test
    void refusesABodyThatIsTooLargeToKeepBeforeItComes() {
        authenticate();
        byte[] bytes = message(call("ay"));
        bytes[6] = 0x20; // 2 MB
        assertBroken("has a body of 2097152 bytes", bytes);
    }

    @Test
    void refusesDescriptorsThatAreMissingOrTooMany() throws Exception {
        authenticate();
        assertBroken(
                "lacks the file descriptors that it speaks of",
                message(call("h").with(1), new byte[4]));
        int[] pair = UnixSocket.pair();
        for (int i = 0; i < Descriptors.MAX; i++) {
            arrived.add(UnixSocket.pair()[0]);
        }
        assertThrows(DbusException.class, () -> arrived.add(pair[0]));
        assertFalse(isOpen(pair[0]));
        UnixSocket.close(pair[1]);
    }

    @Test
    void closesDescriptorsThatNobodyTakes() throws Exception {
        authenticate();
        int[] pair = UnixSocket.pair();
        arrived.add(pair[0]);
        arrived.add(pair[1]);
        receive(message(call("h").with(2), new byte[4]));
        assertEquals(1, heard.size());
        assertFalse(isOpen(pair[0]) || isOpen(pair[1]));
    }

    private static boolean isOpen(int descriptor) {
        return Files.exists(Path.of("/proc/self/fd/" + descriptor));
    }

    @Test
    void skipsValuesOfAllTypes() {
        ByteBuf bytes = Unpooled.buffer();
        DbusWriter out = new DbusWriter(bytes);
        out.uint8(1).int32(2).uint16(3).align(8).int32(4).int32(5).string("six").signature("s");
        out.align(8)
                .uint8(7)
                .string("eight")
                .array(8, () -> out.align(8).string("k").signature("u").int32(9));
        out.signature("v").signature("y").uint8(1).int32(10);
        DbusReader reader = new DbusReader(bytes);
        reader.skip("yunxsg(ys)a{sv}v");
        assertEquals(10, reader.int32());
        reader.end();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "(", "(s", "{s", "!", "aaaaaaaaaaaaaaaaaaaaaaaaay", "((((((((((((((((((((y"})
    void refusesSignaturesThatAreNone(String signature) {
        DbusReader reader = new DbusReader(Unpooled.buffer().writeZero(1000));
        assertThrows(DbusException.class, () -> reader.skip(signature));
    }

    /** A variant in a variant, and so on. */
    @Test
    void refusesWhatNestsTooDeep() {
        ByteBuf bytes = Unpooled.buffer();
        for (int i = 0; i < 100_000; i++) {
            bytes.writeByte(1).writeByte('v').writeByte(0);
        }
        DbusReader reader = new DbusReader(bytes);
        assertThrows(DbusException.class, reader::skipVariant);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ffffffff", "05000000616263", "030000006162637f", "0200"})
    void refusesStringsThatDoNotEndWhereTheySay(String hex) {
        DbusReader reader = new DbusReader(Unpooled.wrappedBuffer(HexFormat.of().parseHex(hex)));
        assertThrows(DbusException.class, reader::string);
    }
}
