// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.gcc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.rdpmux.pdu.Hostile;
import org.rdpmux.pdu.PduException;
import org.rdpmux.pdu.gcc.ClientCoreData.Tail;
import org.rdpmux.pdu.gcc.ClientNetworkData.ChannelDef;

class GccTest {

    static ClientCoreData core(int tailLength) {
        return new ClientCoreData(
                ClientCoreData.VERSION_RDP5,
                1280,
                1024,
                Tail.COLOR_8BPP,
                0x409,
                3790,
                "ELTONS-DEV2",
                4,
                0,
                12,
                new Tail(
                        tailLength,
                        Tail.COLOR_8BPP,
                        24,
                        Tail.SUPPORTS_24BPP | Tail.SUPPORTS_16BPP,
                        Tail.SUPPORT_ERRINFO_PDU | Tail.WANT_32BPP_SESSION,
                        6,
                        OptionalInt.of(1)));
    }

    private static ClientBlocks blocks(int tailLength) {
        return new ClientBlocks(
                core(tailLength),
                new ClientNetworkData(List.of(new ChannelDef("rdpdr", 0x80800000), new ChannelDef("drdynvc", 1))),
                OptionalInt.of(0),
                OptionalInt.of(0x305));
    }

    @Test
    void requestComesBack() {
        ConferenceCreateRequest request = new ConferenceCreateRequest(blocks(Tail.FULL));
        assertEquals(request, Hostile.check(request, ConferenceCreateRequest::decode));
        Hostile.refusesTruncation(Hostile.encode(request), ConferenceCreateRequest::decode);
    }

    static IntStream tails() {
        return IntStream.rangeClosed(0, Tail.FULL);
    }

    @ParameterizedTest
    @MethodSource("tails")
    void readsCoreDataThatStopsAnywhere(int tail) {
        ConferenceCreateRequest request = new ConferenceCreateRequest(blocks(tail));
        Tail read = ConferenceCreateRequest.decode(Unpooled.wrappedBuffer(Hostile.encode(request)))
                .blocks()
                .core()
                .tail();
        assertEquals(tail, read.length());
        assertEquals(tail >= 2 ? Tail.COLOR_8BPP : 0, read.postBeta2ColorDepth());
        assertEquals(tail >= 10 ? 24 : 0, read.highColorDepth());
        assertEquals(tail >= 12 ? 3 : 0, read.supportedColorDepths());
        assertEquals(tail >= 14, read.has(Tail.WANT_32BPP_SESSION));
        assertEquals(tail >= 79 ? 6 : 0, read.connectionType());
        assertEquals(tail >= 84 ? OptionalInt.of(1) : OptionalInt.empty(), read.selectedProtocol());
    }

    @Test
    void passesOverUnknownBlocksAndFieldsAppended() {
        ByteBuf wire = Unpooled.buffer();
        wire.writeShortLE(0xc0ff).writeShortLE(7).writeZero(3); // unknown
        wire.writeShortLE(0xc001).writeShortLE(4 + 128 + Tail.FULL + 8);
        core(Tail.FULL).encode(wire);
        wire.writeZero(8); // a version to come
        wire.writeShortLE(0xc005).writeShortLE(12).writeZero(8); // monitors
        ClientBlocks blocks = ClientBlocks.decode(wire);
        assertEquals(core(Tail.FULL), blocks.core());
        assertEquals(List.of(), blocks.network().channels());
        assertEquals(OptionalInt.empty(), blocks.messageChannel());
    }

    @Test
    void refusesMissingCoreAndTooManyChannels() {
        assertThrows(PduException.class, () -> ClientBlocks.decode(Unpooled.EMPTY_BUFFER));
        ByteBuf channels = Unpooled.buffer();
        channels.writeIntLE(32).writeZero(32 * 12);
        PduException e = assertThrows(PduException.class, () -> ClientNetworkData.decode(channels));
        assertEquals("channelCount", e.field());
    }

    @Test
    void readsChannelNameWithoutEnd() {
        ByteBuf channels = Unpooled.buffer();
        channels.writeIntLE(1)
                .writeBytes("abcdefgh".getBytes(java.nio.charset.StandardCharsets.US_ASCII))
                .writeIntLE(0);
        assertEquals(
                "abcdefg", ClientNetworkData.decode(channels).channels().get(0).name());
    }

    /** rdesktop writes the options with their bytes the wrong way round, which sets bits that have no meaning. */
    @Test
    void takesChannelsWhateverTheirOptionsSay() {
        ByteBuf channels =
                Unpooled.wrappedBuffer(HexFormat.of().parseHex("01000000" + "636c697072647200" + "c0a00000"));
        assertEquals(
                List.of(new ChannelDef("cliprdr", 0xa0c0)),
                ClientNetworkData.decode(channels).channels());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 31})
    void responseComesBack(int count) {
        List<Integer> channels = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            channels.add(1004 + i);
        }
        ServerBlocks blocks = new ServerBlocks(
                ServerBlocks.VERSION_RDP5,
                3,
                8,
                1003,
                channels,
                count == 2 ? OptionalInt.of(1006) : OptionalInt.empty());
        ConferenceCreateResponse response = new ConferenceCreateResponse(blocks);
        assertEquals(response, Hostile.check(response, ConferenceCreateResponse::decode));
        Hostile.refusesTruncation(Hostile.encode(response), ConferenceCreateResponse::decode);
    }

    /** The wrapping of [MS-RDPBCGR] 4.1.4, but for the length that clients ignore and for lengths in one byte. */
    @Test
    void wrapsResponseAsTheSpecificationShowsIt() {
        ServerBlocks blocks =
                new ServerBlocks(ServerBlocks.VERSION_RDP5, 0, 0, 1003, List.of(1004, 1005, 1006), OptionalInt.empty());
        byte[] bytes = Hostile.encode(new ConferenceCreateResponse(blocks));
        String hex = HexFormat.of().formatHex(bytes);
        assertEquals("000500147c0001", hex.substring(0, 14));
        assertEquals("14760a01010001c0004d63446e", hex.substring(16, 42));
        assertArrayEquals(
                HexFormat.of().parseHex("030c1000eb030300ec03ed03ee030000"),
                java.util.Arrays.copyOfRange(bytes, bytes.length - 16, bytes.length));
    }
}
