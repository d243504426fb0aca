// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.share;

import io.netty.buffer.ByteBuf;
import org.rdpmux.pdu.PduException;

/**
 * TS_CONTROL_PDU ([MS-RDPBCGR] 2.2.1.15.1): cooperate, request and grant of control, both ways.
 *
 * @param action one of the constants
 * @param grantId MCS user channel in {@link #GRANTED_CONTROL}, otherwise 0
 * @param controlId MCS channel id of the server in {@link #GRANTED_CONTROL}, otherwise 0
 */
public record Control(int action, int grantId, int controlId) implements DataBody {

    public static final int REQUEST_CONTROL = 1;
    public static final int GRANTED_CONTROL = 2;
    public static final int DETACH = 3;
    public static final int COOPERATE = 4;

    private static final String NAME = "TS_CONTROL_PDU";

    static Control decode(ByteBuf in) {
        PduException.need(in, 8, NAME, "action");
        int action = in.readUnsignedShortLE(); // 2 bytes
        int grantId = in.readUnsignedShortLE(); // 2 bytes
        int controlId = in.readIntLE(); // 4 bytes
        return new Control(action, grantId, controlId);
    }

    @Override
    public int type() {
        return CONTROL;
    }

    @Override
    public int size() {
        return 8;
    }

    @Override
    public void encode(ByteBuf out) {
        out.writeShortLE(action).writeShortLE(grantId).writeIntLE(controlId);
    }
}
