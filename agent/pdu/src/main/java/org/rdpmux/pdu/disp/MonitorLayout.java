// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.disp;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.rdpmux.pdu.PduException;

/**
 * DISPLAYCONTROL_MONITOR_LAYOUT_PDU ([MS-RDPEDISP] 2.2.2.2), from the client: the monitors it would like.
 *
 * @param monitors 1 to {@link #MAX_MONITORS}, one of them primary
 */
public record MonitorLayout(List<Monitor> monitors) implements DisplayControlPdu {

    /** Pixels of a monitor's side at least. */
    public static final int MIN_SIDE = 200;

    /** Pixels of a monitor's side at most. */
    public static final int MAX_SIDE = 8192;

    /** Far more than a server allows, as much as clients can have. */
    public static final int MAX_MONITORS = 16;

    /** Bytes of the longest layout. */
    public static final int MAX_SIZE = HEADER_SIZE + 8 + MAX_MONITORS * Monitor.SIZE;

    private static final String NAME = "DISPLAYCONTROL_MONITOR_LAYOUT_PDU";
    private static final int TYPE = 2;

    /**
     * DISPLAYCONTROL_MONITOR_LAYOUT (2.2.2.2.1). What is not about the place and the size may be anything: clients are careless
     * with it, and whoever uses it has to check it.
     *
     * @param primary whether it is the one whose corner is the origin
     * @param left in pixels; likewise {@code top}
     * @param width {@link #MIN_SIDE} to {@link #MAX_SIDE} pixels; the specification wants even numbers, clients send odd ones;
     *     likewise {@code height}
     * @param physicalWidth in millimetres; likewise {@code physicalHeight}
     * @param orientation 0, 90, 180 or 270 degrees
     * @param desktopScale per cent
     * @param deviceScale per cent
     */
    public record Monitor(
            boolean primary,
            int left,
            int top,
            int width,
            int height,
            int physicalWidth,
            int physicalHeight,
            int orientation,
            int desktopScale,
            int deviceScale) {

        static final int SIZE = 40;

        private static final int PRIMARY = 1;

        public Monitor {
            if (width < MIN_SIDE || width > MAX_SIDE || height < MIN_SIDE || height > MAX_SIDE) {
                throw new IllegalArgumentException("monitor of " + width + "x" + height);
            }
        }

        private static Monitor decode(ByteBuf in) {
            boolean primary = (in.readIntLE() & PRIMARY) != 0; // Flags, 4 bytes
            int left = in.readIntLE(); // 4 bytes
            int top = in.readIntLE(); // 4 bytes
            long width = in.readUnsignedIntLE(); // 4 bytes
            long height = in.readUnsignedIntLE(); // 4 bytes
            PduException.range(width, MIN_SIDE, MAX_SIDE, NAME, "Width");
            PduException.range(height, MIN_SIDE, MAX_SIDE, NAME, "Height");
            int physicalWidth = in.readIntLE(); // 4 bytes
            int physicalHeight = in.readIntLE(); // 4 bytes
            int orientation = in.readIntLE(); // 4 bytes
            int desktopScale = in.readIntLE(); // DesktopScaleFactor, 4 bytes
            int deviceScale = in.readIntLE(); // DeviceScaleFactor, 4 bytes
            return new Monitor(
                    primary,
                    left,
                    top,
                    (int) width,
                    (int) height,
                    physicalWidth,
                    physicalHeight,
                    orientation,
                    desktopScale,
                    deviceScale);
        }

        private void encode(ByteBuf out) {
            out.writeIntLE(primary ? PRIMARY : 0).writeIntLE(left).writeIntLE(top);
            out.writeIntLE(width).writeIntLE(height).writeIntLE(physicalWidth).writeIntLE(physicalHeight);
            out.writeIntLE(orientation).writeIntLE(desktopScale).writeIntLE(deviceScale);
        }
    }

    public MonitorLayout {
        monitors = List.copyOf(monitors);
        if (monitors.isEmpty() || monitors.size() > MAX_MONITORS) {
            throw new IllegalArgumentException(monitors.size() + " monitors");
        }
        if (monitors.stream().filter(Monitor::primary).count() != 1) {
            throw new IllegalArgumentException("not one primary monitor");
        }
    }

    public static MonitorLayout decode(ByteBuf in) {
        ByteBuf body = DisplayControlPdu.body(in, TYPE);
        PduException.need(body, 8, NAME, "MonitorLayoutSize");
        PduException.expect(body.readIntLE(), Monitor.SIZE, NAME, "MonitorLayoutSize"); // 4 bytes
        long count = body.readUnsignedIntLE(); // NumMonitors, 4 bytes
        PduException.range(count, 1, MAX_MONITORS, NAME, "NumMonitors");
        PduException.need(body, (int) count * Monitor.SIZE, NAME, "Monitors");
        List<Monitor> monitors = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            monitors.add(Monitor.decode(body));
        }
        PduException.end(body, NAME);
        long primaries = monitors.stream().filter(Monitor::primary).count();
        PduException.range(primaries, 1, 1, NAME, "Flags: number of primary monitors");
        return new MonitorLayout(monitors);
    }

    /** The primary monitor. */
    public Monitor primary() {
        return monitors.stream().filter(Monitor::primary).findFirst().orElseThrow();
    }

    @Override
    public int size() {
        return HEADER_SIZE + 8 + monitors.size() * Monitor.SIZE;
    }

    @Override
    public void encode(ByteBuf out) {
        DisplayControlPdu.writeHeader(out, TYPE, size());
        out.writeIntLE(Monitor.SIZE).writeIntLE(monitors.size());
        monitors.forEach(monitor -> monitor.encode(out));
    }
}
