// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.caps;

import io.netty.buffer.ByteBuf;
import org.rdpmux.pdu.PduException;

/**
 * TS_ORDER_CAPABILITYSET ([MS-RDPBCGR] 2.2.7.1.3). A console is drawn without orders: which ones a side supports is not
 * kept, and none is announced.
 *
 * @param orderFlags NEGOTIATEORDERSUPPORT and ZEROBOUNDSDELTASSUPPORT must be set
 */
public record OrderCapability(int orderFlags) implements CapabilitySet {

    public static final int NEGOTIATEORDERSUPPORT = 0x0002;
    public static final int ZEROBOUNDSDELTASSUPPORT = 0x0008;

    private static final String NAME = "TS_ORDER_CAPABILITYSET";
    private static final int SIZE = 84;

    static OrderCapability decode(ByteBuf in) {
        PduException.need(in, 32, NAME, "orderFlags");
        in.skipBytes(30); // terminalDescriptor 16, pad4octetsA 4, five fields of 2: constants
        return new OrderCapability(in.readUnsignedShortLE()); // 2 bytes; support flags and pads follow
    }

    @Override
    public int type() {
        return ORDER;
    }

    @Override
    public int size() {
        return SIZE;
    }

    @Override
    public void encode(ByteBuf out) {
        out.writeZero(16 + 4); // terminalDescriptor 16, pad4octetsA 4
        out.writeShortLE(1).writeShortLE(20); // desktopSaveXGranularity 2, desktopSaveYGranularity 2
        out.writeShortLE(0).writeShortLE(1).writeShortLE(0); // pad2octetsA 2, maximumOrderLevel 2, numberFonts 2
        out.writeShortLE(orderFlags); // 2 bytes
        out.writeZero(32); // orderSupport: 32 bytes, one for each order
        out.writeShortLE(0).writeShortLE(0); // textFlags 2, orderSupportExFlags 2
        out.writeIntLE(0).writeIntLE(0); // pad4octetsB 4, desktopSaveSize 4
        out.writeShortLE(0).writeShortLE(0); // pad2octetsC 2, pad2octetsD 2
        out.writeShortLE(0).writeShortLE(0); // textANSICodePage 2, pad2octetsE 2
    }
}
