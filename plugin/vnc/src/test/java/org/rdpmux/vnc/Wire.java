// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.vnc;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import org.rdpmux.display.InputEvent;

/** A client fed by hand: what it sends is kept as hexadecimal digits. */
final class Wire {

    final Recorder seen = new Recorder();
    final RfbClient client;
    long now;
    private final ByteBuf in = Unpooled.buffer();
    private final ByteBuf out = Unpooled.buffer();

    Wire(char[] password, boolean local, boolean active) {
        client = new RfbClient(seen, password, local, active);
    }

    /** Connected to a screen of this size, with what the client said so far forgotten. */
    static Wire connected(int width, int height) {
        return connected(width, height, "test");
    }

    static Wire connected(int width, int height, String name) {
        Wire wire = new Wire(null, true, true);
        wire.receive(ServerBytes.greeting(width, height, name));
        wire.sent();
        return wire;
    }

    Wire receive(ServerBytes bytes) {
        return receive(bytes.array());
    }

    Wire receive(byte[] bytes) {
        in.writeBytes(bytes);
        client.receive(in, out, now);
        in.discardReadBytes();
        return this;
    }

    /** How many bytes wait for others. */
    int held() {
        return in.readableBytes();
    }

    Wire send(InputEvent... events) {
        for (InputEvent event : events) {
            client.send(event, false, out);
        }
        return this;
    }

    ByteBuf out() {
        return out;
    }

    void end() {
        client.end(in);
    }

    /** What was sent since this was asked last. */
    String sent() {
        String hex = ByteBufUtil.hexDump(out);
        out.clear();
        return hex;
    }
}
