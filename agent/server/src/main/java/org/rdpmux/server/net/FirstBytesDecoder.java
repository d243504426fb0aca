// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.List;
import org.rdpmux.pdu.FirstBytes;
import org.rdpmux.pdu.PduException;
import org.rdpmux.pdu.PreconnectionPdu;
import org.rdpmux.server.connection.Inbound;

/**
 * Tells from a connection's first bytes how it begins, passes that on, and makes way for a {@link FrameDecoder} or TLS.
 * The bytes themselves stay for whoever comes next, but for a preconnection PDU.
 */
final class FirstBytesDecoder extends ByteToMessageDecoder {

    private boolean preconnected;

    private boolean done;

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        if (done) {
            return; // whoever was told of TLS puts it in our place soon, or closes the connection
        }
        try {
            classify(ctx, in, out);
        } catch (PduException e) {
            done = true;
            throw e;
        }
    }

    private void classify(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        switch (FirstBytes.classify(in)) {
            case PRECONNECTION -> {
                if (preconnected) {
                    throw new PduException("RDP_PRECONNECTION_PDU", "cbSize", "a second one");
                }
                if (in.readableBytes() >= PreconnectionPdu.length(in)) {
                    preconnected = true;
                    out.add(new Inbound.Preconnection(PreconnectionPdu.decode(in)));
                }
            }
            case TPKT -> Pipelines.readClearFrames(ctx.pipeline());
            case TLS -> {
                done = true;
                ctx.fireChannelRead(new Inbound.DirectTls());
            }
            case INCOMPLETE -> {}
            default -> throw new PduException("connection", "first bytes", "no RDP client begins like this");
        }
    }
}
