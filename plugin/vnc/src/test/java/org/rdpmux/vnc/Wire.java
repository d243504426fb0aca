// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.vnc;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.Optional;
import org.rdpmux.display.InputEvent;
import org.rdpmux.display.PixelBudget;
import org.rdpmux.display.testing.Recorder;

/** A client fed by hand: what it sends is kept as hexadecimal digits. */
final class Wire {

    static final RfbClient.Setup LOCAL = new RfbClient.Setup(true, Optional.empty(), PixelBudget.unlimited(), 0);
    static final RfbClient.Setup REMOTE = new RfbClient.Setup(false, Optional.empty(), PixelBudget.unlimited(), 0);

    final Recorder seen = new Recorder();
    final RfbClient client;
    long now;
    private final ByteBuf in = Unpooled.buffer();
    private final ByteBuf out = Unpooled.buffer();

    Wire(char[] password, boolean local, boolean active) {
        this(password, local ? LOCAL : REMOTE, active);
    }

    Wire(char[] password, RfbClient.Setup setup, boolean active) {
        client = new RfbClient(seen, password, setup, active);
    }

    /** Connected to a QEMU that was given this keymap, or none, and that takes scan codes. */
    static Wire qemu(Optional<String> keymap) {
        Wire wire = new Wire(null, new RfbClient.Setup(true, keymap, PixelBudget.unlimited(), 0), true);
        wire.receive(ServerBytes.greeting(8, 8, "QEMU (web1)"));
        wire.receive(new ServerBytes().update(1).rectangle(0, 0, 8, 8, Encodings.QEMU_EXTENDED_KEY_EVENT));
        wire.sent();
        return wire;
    }

    /** Connected to a server with which texts of so many bytes are exchanged. */
    static Wire clipboard(String name, int maxClipboard) {
        Wire wire = new Wire(
                null, new RfbClient.Setup(true, Optional.empty(), PixelBudget.unlimited(), maxClipboard), true);
        wire.receive(ServerBytes.greeting(4, 3, name));
        return wire;
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
