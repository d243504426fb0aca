// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.share;

import io.netty.buffer.ByteBuf;
import org.rdpmux.pdu.PduException;

/** TS_SET_KEYBOARD_INDICATORS_PDU ([MS-RDPBCGR] 2.2.8.2.1.1): the guest's keyboard LEDs. */
public record SetKeyboardIndicators(boolean scroll, boolean num, boolean caps, boolean kana) implements DataBody {

    private static final String NAME = "TS_SET_KEYBOARD_INDICATORS_PDU";
    private static final int SCROLL = 1;
    private static final int NUM = 2;
    private static final int CAPS = 4;
    private static final int KANA = 8;

    static SetKeyboardIndicators decode(ByteBuf in) {
        PduException.need(in, 4, NAME, "UnitId");
        in.skipBytes(2); // UnitId: 2 bytes, ignored by clients
        int flags = in.readUnsignedShortLE(); // LedFlags: 2 bytes
        return new SetKeyboardIndicators(
                (flags & SCROLL) != 0, (flags & NUM) != 0, (flags & CAPS) != 0, (flags & KANA) != 0);
    }

    @Override
    public int type() {
        return SET_KEYBOARD_INDICATORS;
    }

    @Override
    public int size() {
        return 4;
    }

    @Override
    public void encode(ByteBuf out) {
        int flags = (scroll ? SCROLL : 0) | (num ? NUM : 0) | (caps ? CAPS : 0) | (kana ? KANA : 0);
        out.writeShortLE(0).writeShortLE(flags);
    }
}
