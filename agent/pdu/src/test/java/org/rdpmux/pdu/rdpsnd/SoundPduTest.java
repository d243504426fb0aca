// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.rdpsnd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rdpmux.pdu.Hostile;
import org.rdpmux.pdu.Pdu;
import org.rdpmux.pdu.PduException;

class SoundPduTest {

    /** [MS-RDPEA] 4.1.1: PCM, A-law, mu-law, and two kinds of ADPCM, of which each has something behind cbSize. */
    private static final String SERVER_FORMATS = "072b9000 08fb8b00 e0f10900 70271f77 0000 0500 ff 0500 00"
            + "0100 0200 22560000 88580100 0400 1000 0000"
            + "0600 0200 22560000 44ac0000 0200 0800 0000"
            + "0700 0200 22560000 44ac0000 0200 0800 0000"
            + "0200 0200 22560000 27570000 0004 0400 2000"
            + "f403 0700 0001 0000 0002 00ff 0000 0000 c000 4000 f000 0000 cc01 30ff 8801 18ff"
            + "1100 0200 22560000 b9560000 0004 0400 0200 f903";

    private static ByteBuf bytes(String hex) {
        return Unpooled.wrappedBuffer(HexFormat.of().parseHex(hex.replace(" ", "")));
    }

    private static SoundPdu decode(String hex) {
        ByteBuf in = bytes(hex);
        SoundPdu pdu = SoundPdu.decode(in);
        assertFalse(in.isReadable());
        return pdu;
    }

    private static String hex(Pdu pdu) {
        return ByteBufUtil.hexDump(Hostile.encode(pdu));
    }

    @Test
    void readsFormatsWhateverTheyHaveBehindThem() {
        AudioFormats formats = (AudioFormats) decode(SERVER_FORMATS);
        assertEquals(5, formats.version());
        assertEquals(0x9f1e0, formats.volume());
        assertEquals(
                List.of(
                        AudioFormat.pcm(2, 22050, 16),
                        new AudioFormat(6, 2, 22050, 44100, 2, 8),
                        new AudioFormat(7, 2, 22050, 44100, 2, 8),
                        new AudioFormat(2, 2, 22050, 22311, 1024, 4),
                        new AudioFormat(0x11, 2, 22050, 22201, 1024, 4)),
                formats.formats());
    }

    @Test
    void writesTheFormatsOfAServer() {
        AudioFormat cd = AudioFormat.pcm(2, 44100, 16);
        assertEquals(
                "07002600" + "00000000" + "00000000" + "00000000" + "0000" + "0100" + "00" + "0800" + "00" + "010002004"
                        + "4ac000010b1020004001000" + "0000",
                hex(new AudioFormats(0, 0, AudioFormats.VERSION_8, List.of(cd))));
    }

    @Test
    void readsAndWritesTheSameBytes() {
        for (String pdu : List.of(
                "0600040034120000", // Training
                "0500040034120700", // WaveConfirm
                "0c00040002000000", // QualityMode
                "0d001000" + "34120100" + "ff000000" + "78563412" + "01020304", // Wave2
                "02001000" + "34120100" + "ff000000" + "01020304", // WaveInfo of 8 bytes of data
                "0300040000000000")) { // Volume
            assertEquals(pdu, hex(decode(pdu)));
        }
        assertEquals(new WaveConfirm(0x1234, 7), decode("0500040034120700"));
        assertEquals(new WaveInfo(0x1234, 1, 255, 8, 0x01020304), decode("02001000 34120100 ff000000 01020304"));
    }

    @Test
    void trainingWithDataIsReadWithoutIt() {
        assertEquals(new Training(0x1234, 12), decode("06000800 34120c00 01020304"));
    }

    @Test
    void waveOfTwoMessagesIsPutTogether() {
        byte[] data = {1, 2, 3, 4, 5, 6, 7, 8};
        WaveInfo info = (WaveInfo) decode("02001000 34120100 ff000000 01020304");
        assertEquals("0000000005060708", hex(new Wave(data)));
        assertArrayEquals(data, Wave.decode(info, bytes("00000000 05060708")).data());
        assertThrows(PduException.class, () -> Wave.decode(info, bytes("00000000 050607")));
        assertThrows(PduException.class, () -> Wave.decode(info, bytes("00000000 0506070809")));
    }

    @Test
    void bytesBehindAPduArePassedOver() {
        assertEquals(new WaveConfirm(1, 2), decode("05000400 0100 02 00 ffff"));
    }

    @ParameterizedTest
    @CsvSource({
        "07001400 00000000 00000000 00000000 0000 ffff 00 0800 00, wNumberOfFormats",
        "07001400 00000000 00000000 00000000 0000 0002 00 0800 00, sndFormats",
        "07002600 00000000 00000000 00000000 0000 0100 00 0800 00 0100 0200 44ac0000 10b10200 0400 1000 0100, cbSize",
        "07001200 00000000 00000000 00000000 0000 0000 00 0800, dwFlags",
        "05000400 010002, BodySize",
        "05000300 010002, wTimeStamp",
        "05000600 010002000000, end",
        "06000200 0100, wTimeStamp",
        "0c000200 0100, wQualityMode",
        "0d000b00 0000000000000000000000, wTimeStamp",
        "02000b00 000000000000000000000000, BodySize",
        "02000c00 0000000000000000, wTimeStamp",
        "0700, msgType"
    })
    void refusesWhatIsTooShortOrTooMuch(String hex, String field) {
        assertEquals(field, assertThrows(PduException.class, () -> decode(hex)).field());
    }
}
