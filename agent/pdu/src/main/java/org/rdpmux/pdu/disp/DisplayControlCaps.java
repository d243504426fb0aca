// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.disp;

import io.netty.buffer.ByteBuf;
import org.rdpmux.pdu.PduException;

/**
 * DISPLAYCONTROL_CAPS_PDU ([MS-RDPEDISP] 2.2.2.1), from the server, first of all: which layouts it takes. The area of all
 * monitors together may be {@code maxMonitors * maxWidth * maxHeight} pixels.
 *
 * @param maxMonitors 1 or more
 * @param maxWidth MaxMonitorAreaFactorA: of a monitor on average, in pixels, {@link MonitorLayout#MIN_SIDE} or more
 * @param maxHeight MaxMonitorAreaFactorB: likewise
 */
public record DisplayControlCaps(int maxMonitors, int maxWidth, int maxHeight) implements DisplayControlPdu {

    private static final String NAME = "DISPLAYCONTROL_CAPS_PDU";
    private static final int TYPE = 5;
    private static final int BODY_SIZE = 12;

    public DisplayControlCaps {
        if (maxMonitors < 1 || maxWidth < MonitorLayout.MIN_SIDE || maxHeight < MonitorLayout.MIN_SIDE) {
            throw new IllegalArgumentException(maxMonitors + " monitors of " + maxWidth + "x" + maxHeight);
        }
    }

    public static DisplayControlCaps decode(ByteBuf in) {
        ByteBuf body = DisplayControlPdu.body(in, TYPE);
        PduException.need(body, BODY_SIZE, NAME, "MaxNumMonitors");
        int maxMonitors = body.readIntLE(); // 4 bytes
        int maxWidth = body.readIntLE(); // 4 bytes
        int maxHeight = body.readIntLE(); // 4 bytes
        PduException.end(body, NAME);
        PduException.range(maxMonitors, 1, Integer.MAX_VALUE, NAME, "MaxNumMonitors");
        PduException.range(maxWidth, MonitorLayout.MIN_SIDE, Integer.MAX_VALUE, NAME, "MaxMonitorAreaFactorA");
        PduException.range(maxHeight, MonitorLayout.MIN_SIDE, Integer.MAX_VALUE, NAME, "MaxMonitorAreaFactorB");
        return new DisplayControlCaps(maxMonitors, maxWidth, maxHeight);
    }

    @Override
    public int size() {
        return HEADER_SIZE + BODY_SIZE;
    }

    @Override
    public void encode(ByteBuf out) {
        DisplayControlPdu.writeHeader(out, TYPE, size());
        out.writeIntLE(maxMonitors).writeIntLE(maxWidth).writeIntLE(maxHeight);
    }
}
