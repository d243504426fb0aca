// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rdpmux.display.InputEvent;
import org.rdpmux.pdu.input.FastPathInput;
import org.rdpmux.server.console.ViewerInput;

/** What real clients send for keys of which they have different notions, and the key the guest gets. */
class KeysOfClientsTest {

    private final List<String> got = new ArrayList<>();
    private final InputDecoder decoder = new InputDecoder(event -> got.add(name(event)));

    /**
     * The bytes are fast-path keyboard events ([MS-RDPBCGR] 2.2.8.1.2.2.1): flags (1 release, 2 extended, 4 extended1) and
     * code. Keys are QEMU's numbers: extended ones have bit 7.
     */
    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "'mstsc, FreeRDP, Remmina, rdesktop', Pause, 041d 0045 051d 0145, +c6 -c6",
        "'old rdesktop', Pause, 00e1 001d 0045 00e1 009d 00c5, +c6 -c6",
        "'sdl-freerdp, IronRDP', Pause, 0246 0346, +c6 -c6",
        "'mstsc, FreeRDP', Ctrl+Break, 001d 0246 0346 011d, +1d +c6 -c6 -1d",
        "'rdesktop', Ctrl+Break, 001d 0246 02c6 011d, +1d +c6 -c6 -1d",
        "'FreeRDP when Ctrl goes up first', Ctrl+Break, 001d 0246 011d, +1d +c6 -c6 -1d",
        "'mstsc, FreeRDP, rdesktop, Guacamole, IronRDP in Chromium', Print, 0237 0337, +b7 -b7",
        "'IronRDP in Firefox', Print, 0054 0154, +b7 -b7",
        "'mstsc', Alt+Print, 0038 0054 0154 0138, +38 +b7 -b7 -38",
        "'mstsc when Alt goes up first', Alt+Print, 0038 0054 0138 0337, +38 +b7 -38 -b7",
        "'sdl-freerdp', SysRq, 0054 0154, +b7 -b7",
        "'all but rdesktop', Caps Lock, 003a 013a, +3a -3a",
        "'all but rdesktop', Num Lock, 0045 0145, +45 -45",
        "'IronRDP', Num Lock, 0245 0345, +45 -45",
        "'all', Scroll Lock, 0046 0146, +46 -46",
        "'all', Enter, 001c 011c, +1c -1c",
        "'all', keypad Enter, 021c 031c, +9c -9c",
        "'all', right Shift, 0036 0136, +36 -36",
        "'keyboard hooks of Windows', right Shift, 0236 0336, +36 -36",
    })
    void theGuestGetsTheKeyThatWasPressed(String clients, String key, String sent, String expected) {
        byte[] events = HexFormat.of().parseHex(sent.replace(" ", ""));
        ByteBuf pdu = Unpooled.buffer();
        // fpInputHeader with the number of events, then the length of the whole
        pdu.writeByte(events.length / 2 << 2).writeByte(events.length + 2).writeBytes(events);
        FastPathInput.decode(pdu).events().forEach(decoder::decode);
        assertEquals(expected, String.join(" ", got));
    }

    private static String name(ViewerInput input) {
        InputEvent.Key key = (InputEvent.Key) ((ViewerInput.Event) input).event();
        return (key.down() ? "+" : "-") + Integer.toHexString(key.scancode().qemuNumber());
    }
}
