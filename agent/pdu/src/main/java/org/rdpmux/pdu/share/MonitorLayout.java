// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.share;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.rdpmux.pdu.PduException;

/** TS_MONITOR_LAYOUT_PDU ([MS-RDPBCGR] 2.2.12.1): the server's monitors. */
public record MonitorLayout(List<Monitor> monitors) implements DataBody {

    private static final String NAME = "TS_MONITOR_LAYOUT_PDU";
    private static final int MONITOR_SIZE = 20;
    /** What the client's monitor data may hold: more makes no sense. */
    private static final int MAX_MONITORS = 16;

    /** TS_MONITOR_DEF; right and bottom inclusive, coordinates relative to the primary monitor. */
    public record Monitor(int left, int top, int right, int bottom, boolean primary) {}

    public MonitorLayout {
        monitors = List.copyOf(monitors);
        if (monitors.size() > MAX_MONITORS) {
            throw new IllegalArgumentException(monitors.size() + " monitors");
        }
    }

    static MonitorLayout decode(ByteBuf in) {
        PduException.need(in, 4, NAME, "monitorCount");
        long count = in.readUnsignedIntLE(); // 4 bytes
        PduException.range(count, 0, MAX_MONITORS, NAME, "monitorCount");
        PduException.need(in, (int) count * MONITOR_SIZE, NAME, "monitorDefArray");
        List<Monitor> monitors = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            monitors.add(
                    new Monitor( // 4 bytes each
                            in.readIntLE(), in.readIntLE(), in.readIntLE(), in.readIntLE(), (in.readIntLE() & 1) != 0));
        }
        return new MonitorLayout(monitors);
    }

    @Override
    public int type() {
        return MONITOR_LAYOUT;
    }

    @Override
    public int size() {
        return 4 + monitors.size() * MONITOR_SIZE;
    }

    @Override
    public void encode(ByteBuf out) {
        out.writeIntLE(monitors.size());
        for (Monitor monitor : monitors) {
            out.writeIntLE(monitor.left()).writeIntLE(monitor.top());
            out.writeIntLE(monitor.right()).writeIntLE(monitor.bottom());
            out.writeIntLE(monitor.primary() ? 1 : 0);
        }
    }
}
