// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.ReferenceCountUtil;
import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read from a client while it is not to be read from, such as while a look-up takes its time. */
class ReadHoldTest {

    private static final int CHUNK = 1000;

    /** Stands for a socket in which a client's bytes wait without end: each request to read brings a chunk. */
    private static final class Socket extends ChannelDuplexHandler {
        private int read;

        @Override
        public void read(ChannelHandlerContext ctx) {
            if (read < 20 * CHUNK) {
                read += CHUNK;
                // The beginning of a long PDU, which decoders wait for the rest of.
                ctx.fireChannelRead(Unpooled.buffer(CHUNK).writeInt(0x03007fff).writerIndex(CHUNK));
                ctx.fireChannelReadComplete();
            }
        }
    }

    /** TLS, a request in X.224, and a request after which only half a PDU has come. */
    @ParameterizedTest
    @ValueSource(strings = {"16030100", "0300000b06e00000000000", "0300000b06e0000000000003007fff"})
    void nothingIsReadFromAClientThatIsHeldBack(String opening) {
        EmbeddedChannel channel = new EmbeddedChannel();
        Socket socket = new Socket();
        Pipelines.open(channel.pipeline(), new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext ctx, Object message) {
                ctx.channel().config().setAutoRead(false); // as for a look-up
                ReferenceCountUtil.release(message);
            }
        });
        channel.pipeline().addFirst(socket);
        try {
            channel.writeInbound(Unpooled.wrappedBuffer(HexFormat.of().parseHex(opening)));
            assertEquals(0, socket.read, "bytes read while held back");
            channel.config().setAutoRead(true);
            assertTrue(socket.read > 0, "it is read from again");
        } finally {
            channel.finishAndReleaseAll();
        }
    }
}
