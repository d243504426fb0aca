// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.librdpmux.wire;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.List;
import java.util.Set;

/**
 * First in a connection's pipeline: the first byte tells nanomsg (0x00) from ZeroMQ (0xff), and the codec of that framing
 * takes this handler's place. Both libraries send first.
 */
public final class TransportSniffer extends ByteToMessageDecoder {

    private static final int SP = 0x00;
    private static final int ZMTP = 0xff;

    private final Set<TransportReady.Framing> allowed;
    private final String uuid;
    /** What follows an error has no meaning; it is skipped until the connection is closed. */
    private boolean failed;

    /**
     * @param allowed the framings a guest of this version may use
     * @param uuid what ZMTP messages are addressed with
     */
    public TransportSniffer(Set<TransportReady.Framing> allowed, String uuid) {
        this.allowed = Set.copyOf(allowed);
        this.uuid = uuid;
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        if (failed) {
            in.skipBytes(in.readableBytes());
            return;
        }
        try {
            sniff(ctx, in);
        } catch (MalformedMessageException e) {
            failed = true;
            throw e;
        }
    }

    private void sniff(ChannelHandlerContext ctx, ByteBuf in) {
        int first = in.getUnsignedByte(in.readerIndex());
        ChannelPipeline pipeline = ctx.pipeline();
        if (first == SP && allowed.contains(TransportReady.Framing.SP)) {
            pipeline.addAfter(ctx.name(), "sp", new SpCodec());
        } else if (first == ZMTP && allowed.contains(TransportReady.Framing.ZMTP)) {
            pipeline.addAfter(ctx.name(), "zmtp", new ZmtpCodec());
            pipeline.addAfter("zmtp", "uuid", new UuidEnvelope(uuid));
        } else {
            throw new MalformedMessageException("first byte 0x%02x is of no framing of this version".formatted(first));
        }
        pipeline.remove(this);
    }
}
