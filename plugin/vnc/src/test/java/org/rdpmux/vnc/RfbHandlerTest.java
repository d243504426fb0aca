// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.vnc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.rdpmux.display.DisplaySource;
import org.rdpmux.display.GuestDisplay;
import org.rdpmux.display.PixelBudget;
import org.rdpmux.display.testing.Recorder;

@Timeout(60)
class RfbHandlerTest {

    @TempDir
    Path directory;

    private final RfbHandler handler =
            new RfbHandler(new RfbClient(new Recorder(), null, Wire.LOCAL, true), () -> {}, reason -> {});

    /** Each of sixteen bytes has a 4K screen copied, but for a column. */
    @Test
    void readsNothingMoreWhileWhatItHasReadIsDrawn() throws Exception {
        ServerBytes copies = new ServerBytes().update(0xfff0);
        for (int i = 0; i < 0xfff0; i++) {
            copies.rectangle(0, 0, 3840, 2160, Encodings.COPY_RECT).u16(1, 0);
        }
        Recorder seen = new Recorder();
        try (FakeServer server = FakeServer.unix(directory.resolve("vnc"));
                GuestDisplay display = new VncDisplayFactory(PixelBudget.unlimited())
                        .open(new DisplaySource("vnc", server.address()))) {
            display.start(seen);
            server.greet(3841, 2160);
            Thread storm = new Thread(() -> {
                try {
                    for (int i = 0; i < 100; i++) {
                        server.send(copies);
                    }
                } catch (IOException e) {
                    return; // the test is over
                }
            });
            storm.setDaemon(true);
            storm.start();
            assertTrue(seen.await(r -> r.changes.size() >= 60, 30), "no storm: " + seen.failures);
            assertEquals(List.of(), seen.failures);
            assertTrue(server.sent() < 4 << 20, server.sent() + " bytes were read ahead");
        }
    }

    @Test
    void aServerIsStuckWhileItDoesNotReadAndNotOnceItIsGone() {
        EmbeddedChannel channel = new EmbeddedChannel();
        assertFalse(handler.isStuck(channel));
        channel.unsafe()
                .outboundBuffer()
                .addMessage(Unpooled.buffer(1 << 20).writeZero(1 << 20), 1 << 20, channel.newPromise());
        assertTrue(handler.isStuck(channel));
        channel.close();
        assertFalse(handler.isStuck(channel));
    }

    @Test
    void aServerThatHasALongTextToReadIsNotStuckButOneThatHasItsInputToReadIs() {
        EmbeddedChannel channel = new EmbeddedChannel(new ChannelOutboundHandlerAdapter() {
            @Override
            public void flush(ChannelHandlerContext ctx) {
                // the server reads nothing
            }
        });
        List<String> sent = new ArrayList<>();
        handler.sendText(channel, Unpooled.buffer(1 << 20).writeZero(1 << 20), () -> sent.add("text"));
        assertTrue(handler.isSendingText());
        assertFalse(handler.isStuck(channel));
        channel.write(Unpooled.buffer(1 << 19).writeZero(1 << 19));
        assertTrue(handler.isStuck(channel));
        assertEquals(List.of(), sent);
        channel.close();
        assertFalse(handler.isSendingText());
        assertEquals(List.of("text"), sent);
    }
}
