// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.rdpmux.server.connection.Approach;
import org.rdpmux.server.login.NlaHandler;

/**
 * The handlers of a connection in each of its phases, from the transport to the {@link ClientConnection}:
 *
 * <pre>
 *   always in front             hold
 *   opening                     first-bytes                   connection
 *   X.224 in the clear          clear-frames                  connection   negotiated approach only
 *   TLS                         tls            frames         connection
 *   TLS, then CredSSP inside    tls    nla     frames         connection   "nla" leaves when the client is proven
 * </pre>
 *
 * Each method is one change from a phase to the next. Bytes that have arrived already belong to the next phase: the handler
 * that holds them passes them on when it leaves. On the connection's loop.
 */
final class Pipelines {

    /** {@link ReadHold}. */
    static final String HOLD = "hold";

    /** {@link FirstBytesDecoder}. */
    static final String FIRST_BYTES = "first-bytes";

    /** The {@link FrameDecoder} in front of TLS. */
    static final String CLEAR_FRAMES = "clear-frames";

    static final String TLS = "tls";
    static final String NLA = "nla";

    /** The {@link FrameDecoder} behind TLS. */
    static final String FRAMES = "frames";

    static final String CONNECTION = "connection";

    /** {@link Discard}. */
    static final String DISCARD = "discard";

    /** Clients close at once when they are told to. */
    private static final int END_SECONDS = 1;

    private Pipelines() {}

    /** A transport's channel becomes a client's: opening. */
    static void open(ChannelPipeline pipeline, ChannelHandler connection) {
        pipeline.addLast(HOLD, new ReadHold())
                .addLast(FIRST_BYTES, new FirstBytesDecoder())
                .addLast(CONNECTION, connection);
    }

    /** Opening to X.224 in the clear: the client begins with a request. */
    static void readClearFrames(ChannelPipeline pipeline) {
        pipeline.replace(FIRST_BYTES, CLEAR_FRAMES, new FrameDecoder());
    }

    /** To TLS: from X.224 in the clear, or from opening if the client begins with TLS. */
    static void startTls(ChannelPipeline pipeline, Approach approach, SslHandler tls) {
        String before = before(approach);
        pipeline.addAfter(before, TLS, tls);
        pipeline.addAfter(TLS, FRAMES, new FrameDecoder());
        pipeline.remove(before);
    }

    /** To TLS with CredSSP inside, likewise. */
    static void startNla(ChannelPipeline pipeline, Approach approach, SslHandler tls, NlaHandler nla) {
        String before = before(approach);
        pipeline.addAfter(before, TLS, tls);
        pipeline.addAfter(TLS, NLA, nla);
        pipeline.addAfter(NLA, FRAMES, new FrameDecoder());
        pipeline.remove(before);
    }

    /**
     * To the end, in order: what was sent goes out, then the client is told that nothing follows, and has a moment to close
     * the connection itself. What it still sends is dropped.
     */
    static void endInOrder(ChannelPipeline pipeline) {
        Channel channel = pipeline.channel();
        pipeline.addFirst(DISCARD, new Discard());
        ReadGate.of(channel).drain();
        SslHandler tls = pipeline.get(SslHandler.class);
        ChannelFuture sent = tls == null ? channel.newSucceededFuture() : tls.closeOutbound();
        sent.addListener(done -> {
            if (channel instanceof DuplexChannel duplex) {
                duplex.shutdownOutput();
            }
        });
        Future<?> end = channel.eventLoop().schedule(() -> channel.close(), END_SECONDS, TimeUnit.SECONDS);
        channel.closeFuture().addListener(closed -> end.cancel(false));
    }

    private static String before(Approach approach) {
        return switch (approach) {
            case NEGOTIATED -> CLEAR_FRAMES;
            case DIRECT -> FIRST_BYTES;
        };
    }
}
