// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FrameSplitterTest {

    private static ByteBuf hex(String hex) {
        return Unpooled.wrappedBuffer(HexFormat.of().parseHex(hex.replace(" ", "")));
    }

    @ParameterizedTest
    @CsvSource({
        "03 00 00 13, 19",
        "03 00 ff ff, 65535",
        "03 00 00 07, 7",
        "04 04, 4",
        "00 7f, 127",
        "00 80 80, 128",
        "c4 ff ff, 32767",
        "'', 0",
        "03, 0",
        "03 00 00, 0",
        "00, 0",
        "00 80, 0",
    })
    void tellsLength(String bytes, int length) {
        ByteBuf in = hex(bytes);
        assertEquals(length, FrameSplitter.nextLength(in, FrameSplitter.MAX_LENGTH));
        assertEquals(0, in.readerIndex());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"03 00 00 06", "03 00 80 01", "01", "02 10", "07 10", "00 01", "00 00", "00 80 02", "00 ff ff 00"
            })
    void refusesWhatNoPduBeginsWith(String bytes) {
        int max = 0x7ffe;
        assertThrows(PduException.class, () -> FrameSplitter.nextLength(hex(bytes), max));
    }

    @Test
    void tellsTheTwoKindsApart() {
        assertTrue(FrameSplitter.isTpkt(hex("03 00 00 07")));
        assertFalse(FrameSplitter.isTpkt(hex("04 04 00 1e")));
    }

    @ParameterizedTest
    @CsvSource({
        "03 00 00 13 0e, TPKT",
        "03 00, TPKT",
        "16 03 01 02 00, TLS",
        "10 00 00 00 00 00 00 00 01 00 00 00 00 00 00 00, PRECONNECTION",
        "5c 00 00 00 00 00 00 00 02 00 00 00, PRECONNECTION",
        "5c 00 00 00 00 00 00 00 02 00 00, INCOMPLETE",
        "16, INCOMPLETE",
        "'', INCOMPLETE",
        "16 00, INCOMPLETE",
        "47 45 54 20 2f, UNKNOWN",
        "16 00 00 00 00 00 00 00 02 00 00 00, PRECONNECTION",
        "0f 00 00 00 00 00 00 00 01 00 00 00, UNKNOWN",
        "10 00 00 00 01 00 00 00 01 00 00 00, UNKNOWN",
        "10 00 00 00 00 00 00 00 03 00 00 00, UNKNOWN",
        "10 00 01 00, UNKNOWN",
    })
    void classifiesFirstBytes(String bytes, FirstBytes expected) {
        ByteBuf in = hex(bytes);
        assertEquals(expected, FirstBytes.classify(in));
        assertEquals(0, in.readerIndex());
    }

    @Test
    void readsPreconnectionPdus() {
        assertEquals(
                new PreconnectionPdu(1, 0xeb99c6eeL, ""),
                Hostile.check(new PreconnectionPdu(1, 0xeb99c6eeL, ""), PreconnectionPdu::decode));
        PreconnectionPdu second = new PreconnectionPdu(2, 7, "TestVM");
        assertEquals(second, Hostile.check(second, PreconnectionPdu::decode));
        Hostile.refusesTruncation(Hostile.encode(second), PreconnectionPdu::decode);
    }

    /** [MS-RDPEPS] 4.1 and 4.2. */
    @Test
    void readsExamplesOfTheSpecification() {
        assertEquals(
                new PreconnectionPdu(1, 0xeb99c6eeL, ""),
                PreconnectionPdu.decode(hex("10 00 00 00 00 00 00 00 01 00 00 00 ee c6 99 eb")));
        assertEquals(
                new PreconnectionPdu(2, 0, "TestVM"),
                PreconnectionPdu.decode(hex("20 00 00 00 00 00 00 00 02 00 00 00 00 00 00 00"
                        + " 07 00 54 00 65 00 73 00 74 00 56 00 4d 00 00 00")));
    }
}
