// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.autodetect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.HexFormat;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.rdpmux.pdu.Hostile;
import org.rdpmux.pdu.PduException;

class AutoDetectPduTest {

    private static ByteBuf bytes(String hex) {
        return Unpooled.wrappedBuffer(HexFormat.of().parseHex(hex.replace(" ", "")));
    }

    private static Stream<Arguments> requests() {
        return Stream.of(
                Arguments.of("06 00 0100 0110", new RttMeasureRequest(1, true)),
                Arguments.of("06 00 ffff 0100", new RttMeasureRequest(0xffff, false)),
                Arguments.of(
                        "0e 00 0200 4008 28000000 2d000000",
                        new NetworkCharacteristicsResult(2, 40, OptionalLong.empty(), 45)),
                Arguments.of(
                        "12 00 0300 c008 01000000 ffffffff 02000000",
                        new NetworkCharacteristicsResult(3, 1, OptionalLong.of(0xffffffffL), 2)));
    }

    @ParameterizedTest
    @MethodSource("requests")
    void requestsReadAndWriteTheSameBytes(String hex, AutoDetectRequest request) {
        assertEquals(bytes(hex), Unpooled.wrappedBuffer(Hostile.encode(request)));
        assertEquals(request, AutoDetectRequest.decode(bytes(hex)));
    }

    @Test
    void responseReadsAndWritesTheSameBytes() {
        AutoDetectResponse response = AutoDetectResponse.decode(bytes("06 01 3412 0000"));
        assertEquals(new AutoDetectResponse(0x1234, AutoDetectResponse.RTT), response);
        assertEquals(bytes("06 01 3412 0000"), Unpooled.wrappedBuffer(Hostile.encode(response)));
    }

    /** Bandwidth Measure Results of both kinds and Network Characteristics Sync: their figures are the client's own. */
    @ParameterizedTest
    @CsvSource({
        "0e 01 0700 0300 00000000 ffffffff, 3",
        "0e 01 0700 0b00 00000000 ffffffff, 11",
        "0e 01 0700 1800 ffffffff ffffffff, 24"
    })
    void passesOverWhatClientsMeasureThemselves(String hex, int type) {
        assertEquals(new AutoDetectResponse(7, type), AutoDetectResponse.decode(bytes(hex)));
    }

    @ParameterizedTest
    @CsvSource({
        "06 01 3412 00, headerLength", // too short
        "07 01 3412 0000, headerLength", // longer than what is there
        "05 01 3412 0000, headerLength",
        "00 01 3412 0000, headerLength",
        "07 01 3412 0000 00, headerLength", // an RTT response is 6 bytes
        "06 00 3412 0000, headerTypeId", // a request
        "06 01 3412 0000 00, end",
        "0e 01 3412 0300 0000, headerLength"
    })
    void refusesResponsesOfTheWrongLengthOrKind(String hex, String field) {
        PduException refused = assertThrows(PduException.class, () -> AutoDetectResponse.decode(bytes(hex)));
        assertEquals(field, refused.field());
    }

    @ParameterizedTest
    @CsvSource({
        "06 01 0100 0110, headerTypeId",
        "07 00 0100 0110, headerLength",
        "06 00 0100 0210, requestType",
        "0e 00 0100 0100 28000000 2d000000, end",
        "0a 00 0200 4008 28000000, baseRTT"
    })
    void refusesRequestsOfTheWrongLengthOrKind(String hex, String field) {
        PduException refused = assertThrows(PduException.class, () -> AutoDetectRequest.decode(bytes(hex)));
        assertEquals(field, refused.field());
    }
}
