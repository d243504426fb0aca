// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.channel;

import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.Optional;
import org.rdpmux.pdu.Pdu;
import org.rdpmux.pdu.disp.DisplayControlCaps;
import org.rdpmux.pdu.disp.DisplayControlPdu;
import org.rdpmux.pdu.disp.MonitorLayout;

/**
 * The display control channel ([MS-RDPEDISP]): the client says which size its user has made the window. Clients that are dragged
 * say so many times a second; only the newest layout is kept. Used by one thread.
 */
public final class DisplayControlChannel implements Channel {

    /** One monitor, as large as the largest screen of a guest. */
    private static final DisplayControlCaps CAPS = new DisplayControlCaps(1, 7680, 4320);

    private MonitorLayout layout;

    @Override
    public String name() {
        return DisplayControlPdu.CHANNEL;
    }

    @Override
    public Priority priority() {
        return Priority.MEDIUM;
    }

    @Override
    public int maxMessage() {
        return MonitorLayout.MAX_SIZE;
    }

    /** Clients say nothing until they have this (FreeRDP). */
    @Override
    public List<Pdu> open(long now) {
        return List.of(CAPS);
    }

    @Override
    public List<Pdu> message(ByteBuf message, long now) {
        layout = MonitorLayout.decode(message);
        return List.of();
    }

    @Override
    public void close() {
        layout = null;
    }

    /** The newest layout, if one has come since the last call. */
    public Optional<MonitorLayout> takeLayout() {
        Optional<MonitorLayout> taken = Optional.ofNullable(layout);
        layout = null;
        return taken;
    }
}
