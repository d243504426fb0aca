// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.vnc;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.util.concurrent.Executor;
import org.rdpmux.display.Clipboard;
import org.rdpmux.display.ClipboardEvent;

/** The clipboard of a VNC display: hands what the viewers say to its loop, and to the server one text at a time. */
final class VncClipboard implements Clipboard {

    private final Executor loop;
    /** Set before the start, if at all. */
    private volatile int maxBytes;

    // Confined to the loop; null before there is a connection.
    private RfbClient client;
    private RfbHandler handler;
    private Channel channel;
    /** What the viewers offer. */
    private ClipboardEvent offer = ClipboardEvent.NOTHING;
    /** The newest text that waits for the server to read the one before; or null. */
    private ClipboardEvent next;

    /** @param loop the display's, which drops what comes before its start */
    VncClipboard(Executor loop) {
        this.loop = loop;
    }

    @Override
    public void enable(int bytes) {
        maxBytes = bytes;
    }

    /** 0 if it is not enabled. */
    int maxBytes() {
        return maxBytes;
    }

    @Override
    public void send(ClipboardEvent event) {
        loop.execute(() -> tell(event));
    }

    /** There is a connection, whose handshake has not begun. */
    void connecting(RfbClient rfb, RfbHandler writer, Channel socket) {
        client = rfb;
        handler = writer;
        channel = socket;
        tell(offer);
    }

    /** The connection has ended. */
    void close() {
        channel = null;
        next = null;
    }

    private void tell(ClipboardEvent event) {
        if (event instanceof ClipboardEvent.Offer) {
            offer = event;
        }
        if (channel == null) {
            return;
        }
        if (event instanceof ClipboardEvent.Text && handler.isSendingText()) {
            next = event;
            return;
        }
        ByteBuf out = channel.alloc().buffer();
        client.clipboard(event, out);
        if (!out.isReadable()) {
            out.release();
        } else if (event instanceof ClipboardEvent.Text) {
            handler.sendText(channel, out, this::textSent);
        } else {
            channel.writeAndFlush(out, channel.voidPromise());
        }
    }

    private void textSent() {
        if (next != null) {
            ClipboardEvent newest = next;
            next = null;
            tell(newest);
        }
    }
}
