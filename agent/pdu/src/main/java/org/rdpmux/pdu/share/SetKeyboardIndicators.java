// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.share;

import io.netty.buffer.ByteBuf;
import org.rdpmux.pdu.PduException;
import org.rdpmux.pdu.input.LockFlags;

/** TS_SET_KEYBOARD_INDICATORS_PDU ([MS-RDPBCGR] 2.2.8.2.1.1): the guest's keyboard LEDs. */
public record SetKeyboardIndicators(LockFlags leds) implements DataBody {

    private static final String NAME = "TS_SET_KEYBOARD_INDICATORS_PDU";

    static SetKeyboardIndicators decode(ByteBuf in) {
        PduException.need(in, 4, NAME, "UnitId");
        in.skipBytes(2); // UnitId: 2 bytes, ignored by clients
        return new SetKeyboardIndicators(LockFlags.of(in.readUnsignedShortLE())); // LedFlags: 2 bytes
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
        out.writeShortLE(0).writeShortLE(leds.bits());
    }
}
