// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.caps;

import io.netty.buffer.ByteBuf;
import org.rdpmux.pdu.PduException;

/**
 * TS_INPUT_CAPABILITYSET ([MS-RDPBCGR] 2.2.7.1.6).
 *
 * @param inputFlags the constants
 * @param keyboardLayout of the client, 0 from the server; likewise type, subtype and number of function keys
 */
public record InputCapability(
        int inputFlags, int keyboardLayout, int keyboardType, int keyboardSubType, int keyboardFunctionKey)
        implements CapabilitySet {

    public static final int SCANCODES = 0x0001;
    public static final int MOUSEX = 0x0004;
    public static final int FASTPATH_INPUT = 0x0008;
    public static final int UNICODE = 0x0010;
    public static final int FASTPATH_INPUT2 = 0x0020;
    public static final int MOUSE_RELATIVE = 0x0080;
    public static final int MOUSE_HWHEEL = 0x0100;
    public static final int QOE_TIMESTAMPS = 0x0200;

    private static final String NAME = "TS_INPUT_CAPABILITYSET";
    private static final int IME_FILE_NAME_SIZE = 64;
    private static final int SIZE = 20 + IME_FILE_NAME_SIZE;

    static InputCapability decode(ByteBuf in) {
        PduException.need(in, 20, NAME, "inputFlags");
        int inputFlags = in.readUnsignedShortLE(); // 2 bytes
        in.skipBytes(2); // pad2octetsA: 2 bytes
        return new InputCapability( // 4 bytes each; imeFileName, 64 bytes, follows
                inputFlags, in.readIntLE(), in.readIntLE(), in.readIntLE(), in.readIntLE());
    }

    public boolean has(int inputFlag) {
        return (inputFlags & inputFlag) != 0;
    }

    @Override
    public int type() {
        return INPUT;
    }

    @Override
    public int size() {
        return SIZE;
    }

    @Override
    public void encode(ByteBuf out) {
        out.writeShortLE(inputFlags).writeShortLE(0);
        out.writeIntLE(keyboardLayout).writeIntLE(keyboardType);
        out.writeIntLE(keyboardSubType).writeIntLE(keyboardFunctionKey);
        out.writeZero(IME_FILE_NAME_SIZE);
    }
}
