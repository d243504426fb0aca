// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.cliprdr;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.rdpmux.pdu.Hostile;
import org.rdpmux.pdu.PduException;

/** The dumps are those of [MS-RDPECLIP] 4, as far as it has them. */
class ClipboardPduTest {

    /** 4.1.3. */
    private static final String CLIENT_CAPS = "07000000 10000000 0100 0000 0100 0c00 02000000 0e000000";

    /** Two formats: text without a name, and one with. */
    private static final String LONG_NAMES =
            "02000000 1e000000 0d000000 0000 aac00000 4800 5400 4d00 4c00" + "2000 4600 6f00 7200 6d00 0000";

    private static ByteBuf bytes(String hex) {
        return Unpooled.wrappedBuffer(HexFormat.of().parseHex(hex.replace(" ", "")));
    }

    private static ClipboardPdu decode(String hex) {
        return ClipboardPdu.decode(bytes(hex), true);
    }

    private static String hex(ClipboardPdu pdu) {
        return ByteBufUtil.hexDump(Hostile.encode(pdu));
    }

    private static String refusal(String hex) {
        return assertThrows(PduException.class, () -> decode(hex)).getMessage();
    }

    @Test
    void readsWhatAClientCan() {
        ClipboardCapabilities caps = (ClipboardCapabilities) decode(CLIENT_CAPS);
        assertEquals(new ClipboardCapabilities(ClipboardCapabilities.VERSION_2, 0x0e), caps);
        assertTrue(caps.has(ClipboardCapabilities.LONG_FORMAT_NAMES));
        assertEquals(CLIENT_CAPS.replace(" ", ""), hex(caps));
    }

    @Test
    void capabilitySetsThatNobodyKnowsArePassedOver() {
        assertEquals(
                new ClipboardCapabilities(1, 2),
                decode("07000000 18000000 0200 0000 7700 0800 ffffffff 0100 0c00 01000000 02000000"));
        assertEquals(new ClipboardCapabilities(0, 0), decode("07000000 04000000 0000 0000"));
    }

    @Test
    void writesWhatAServerSaysFirst() {
        assertEquals("0100000000000000", hex(new MonitorReady()));
        assertEquals("0300010000000000", hex(new FormatListResponse(true)));
        assertEquals("0300020000000000", hex(new FormatListResponse(false)));
        assertEquals("04000000040000000d000000", hex(new FormatDataRequest(FormatList.UNICODE_TEXT)));
    }

    @Test
    void listOfLongNamesReadsAndWritesTheSameBytes() {
        FormatList list = (FormatList) decode(LONG_NAMES);
        assertEquals(
                List.of(new FormatList.Format(13, ""), new FormatList.Format(0xc0aa, "HTML Form")), list.formats());
        assertTrue(list.hasText());
        assertEquals(LONG_NAMES.replace(" ", ""), hex(list));
        assertEquals("0200000006000000" + "0d000000" + "0000", hex(FormatList.ofText(true, true)));
        assertEquals("0200000000000000", hex(FormatList.ofText(false, true)));
    }

    @Test
    void listOfShortNamesReadsAndWritesTheSameBytes() {
        String name = "4100".repeat(16);
        String list = "0200000048000000" + "01000000" + name + "0d000000" + "00".repeat(32);
        FormatList read = (FormatList) ClipboardPdu.decode(bytes(list), false);
        assertEquals("A".repeat(16), read.formats().get(0).name(), "without room for a NUL");
        assertTrue(read.hasText());
        assertEquals("0200000024000000" + "0d000000" + "00".repeat(32), hex(FormatList.ofText(true, false)));
    }

    @Test
    void shortNamesMayBeAscii() {
        String list = "0200040024000000" + "aac00000" + "48544d4c00" + "ff".repeat(27);
        FormatList read = (FormatList) ClipboardPdu.decode(bytes(list), false);
        assertEquals(List.of(new FormatList.Format(0xc0aa, "HTML")), read.formats());
        assertFalse(read.hasText());
    }

    @Test
    void textReadsAndWritesTheSameBytes() {
        // "Ä", a line end, and a character beyond the first plane
        String response = "05000100 0c000000 c400 0d00 0a00 3dd8 00de 0000";
        FormatDataResponse text = (FormatDataResponse) decode(response);
        assertEquals("\u00c4\r\n\ud83d\ude00", text.text());
        assertEquals(response.replace(" ", ""), hex(text));
        assertFalse(text.toString().contains("\u00c4"), "content is no matter for a log");
        assertEquals("0500020000000000", hex(FormatDataResponse.FAILED));
    }

    @ParameterizedTest
    @ValueSource(strings = {"05000100 04000000 4100 4200", "05000100 0a000000 4100 4200 0000 0000 4300"})
    void textEndsAtItsFirstNulOrWithTheData(String response) {
        assertEquals("AB", ((FormatDataResponse) decode(response)).text());
    }

    @Test
    void whatNobodyHereReadsIsPassedOver() {
        assertEquals(new OtherPdu(6, 520), decode("06000000 08020000" + "41".repeat(520)), "temporary directory");
        assertEquals(new OtherPdu(10, 4), decode("0a000000 04000000 08000000"), "lock");
        assertEquals(new OtherPdu(11, 4), decode("0b000000 04000000 08000000"), "unlock");
    }

    @Test
    void paddingBehindAPduIsPassedOver() {
        assertEquals(new FormatListResponse(true), decode("03000100 00000000 00000000"));
    }

    @ParameterizedTest
    @CsvSource({
        "0200, msgType",
        "02000000 ffffffff 0d000000 0000, dataLen",
        "02000000 07000000 0d000000 0000, dataLen",
        "02000000 05000000 0d000000 00, wszFormatName",
        "02000000 03000000 0d0000, formatId",
        "02000000 06000000 0d000000 4100, wszFormatName",
        "03000000 00000000, msgFlags",
        "03000300 00000000, msgFlags",
        "04000000 03000000 0d0000, requestedFormatId",
        "04000000 05000000 0d00000000, end",
        "05000100 03000000 410000, requestedFormatData",
        "05000000 02000000 4100, msgFlags",
        "07000000 02000000 0100, cCapabilitiesSets",
        "07000000 04000000 0100 0000, capabilitySetType",
        "07000000 08000000 0100 0000 0100 0300, lengthCapability",
        "07000000 08000000 0100 0000 0100 0500, lengthCapability",
        "07000000 0c000000 0100 0000 0100 0800 02000000, version"
    })
    void refusesWhatCannotBe(String pdu, String field) {
        String message = refusal(pdu);
        assertTrue(message.contains(field), message);
    }

    @Test
    void refusesMoreFormatsAndLongerNamesThanThereCanBe() {
        String format = "0d0000000000";
        assertEquals(
                1024,
                ((FormatList) decode("0200000000180000" + format.repeat(1024)))
                        .formats()
                        .size());
        assertTrue(refusal("0200000006180000" + format.repeat(1025)).contains("number of formats"));
        String longest = "4100".repeat(255) + "0000";
        assertEquals(
                255,
                ((FormatList) decode("0200000004020000" + "aac00000" + longest))
                        .formats()
                        .get(0)
                        .name()
                        .length());
        assertTrue(refusal("0200000006020000" + "aac00000" + "4100" + longest).contains("wszFormatName"));
    }

    @Test
    void survivesDamage() {
        Hostile.survivesDamage(Hostile.encode(decode(LONG_NAMES)), in -> ClipboardPdu.decode(in, true));
        Hostile.survivesDamage(Hostile.encode(decode(CLIENT_CAPS)), in -> ClipboardPdu.decode(in, false));
    }
}
