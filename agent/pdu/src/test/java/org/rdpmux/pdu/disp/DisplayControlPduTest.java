// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.disp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rdpmux.pdu.Hostile;
import org.rdpmux.pdu.PduException;

class DisplayControlPduTest {

    private static final String CAPS = "05000000 14000000 01000000 001e0000 e0100000";

    /** Two monitors side by side, the second one primary. */
    private static final String LAYOUT = "02000000 60000000 28000000 02000000"
            + "00000000 fffbffff 00000000 00040000 00030000 00000000 00000000 00000000 00000000 00000000"
            + "01000000 00000000 00000000 80070000 38040000 0a020000 25010000 00000000 96000000 8c000000";

    private static ByteBuf bytes(String hex) {
        return Unpooled.wrappedBuffer(HexFormat.of().parseHex(hex.replace(" ", "")));
    }

    @Test
    void capsReadAndWriteTheSameBytes() {
        DisplayControlCaps caps = new DisplayControlCaps(1, 7680, 4320);
        assertEquals(bytes(CAPS), Unpooled.wrappedBuffer(Hostile.encode(caps)));
        assertEquals(caps, DisplayControlCaps.decode(bytes(CAPS)));
    }

    @Test
    void layoutReadsAndWritesTheSameBytes() {
        MonitorLayout layout = MonitorLayout.decode(bytes(LAYOUT));
        assertEquals(2, layout.monitors().size());
        assertEquals(new MonitorLayout.Monitor(true, 0, 0, 1920, 1080, 522, 293, 0, 150, 140), layout.primary());
        assertEquals(-1025, layout.monitors().get(0).left());
        assertEquals(bytes(LAYOUT), Unpooled.wrappedBuffer(Hostile.encode(layout)));
    }

    /** At these byte offsets of the layout these four bytes are refused, and the error names the field. */
    @ParameterizedTest
    @CsvSource({
        "0, 05000000, Type",
        "4, 61000000, Length",
        "4, 5f000000, DISPLAYCONTROL_HEADER",
        "4, 07000000, Length",
        "8, 29000000, MonitorLayoutSize",
        "12, 00000000, NumMonitors",
        "12, 11000000, NumMonitors",
        "12, ffffffff, NumMonitors",
        "12, 03000000, Monitors",
        "28, c7000000, Width",
        "28, 01200000, Width",
        "32, ffffffff, Height",
        "16, 01000000, primary",
        "56, 00000000, primary"
    })
    void refusesWhatCannotBe(int offset, String value, String field) {
        ByteBuf layout = Unpooled.copiedBuffer(bytes(LAYOUT));
        layout.setBytes(offset, bytes(value), 4);
        PduException e = assertThrows(PduException.class, () -> MonitorLayout.decode(layout));
        assertTrue(e.getMessage().contains(field), e.getMessage());
    }

    @Test
    void refusesEveryBeginningAndOneByteMore() {
        ByteBuf whole = bytes(LAYOUT);
        for (int length = 0; length < whole.readableBytes(); length++) {
            ByteBuf part = whole.slice(0, length);
            assertThrows(PduException.class, () -> MonitorLayout.decode(part), "the first " + length);
        }
        assertThrows(PduException.class, () -> MonitorLayout.decode(bytes(LAYOUT + "00")));
    }

    @Test
    void longestLayoutIsAsLongAsItSays() {
        MonitorLayout.Monitor other = new MonitorLayout.Monitor(false, 0, 0, 200, 200, 0, 0, 0, 0, 0);
        List<MonitorLayout.Monitor> monitors = new ArrayList<>(Collections.nCopies(MonitorLayout.MAX_MONITORS, other));
        monitors.set(3, new MonitorLayout.Monitor(true, 0, 0, 8192, 200, 0, 0, 0, 0, 0));
        assertEquals(MonitorLayout.MAX_SIZE, new MonitorLayout(monitors).size());
    }
}
