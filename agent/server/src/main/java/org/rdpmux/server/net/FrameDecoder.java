// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.List;
import org.rdpmux.pdu.FrameSplitter;
import org.rdpmux.pdu.PduException;

/** Cuts the byte stream into PDUs: each goes on as a buffer of its own, which the next handler releases. */
final class FrameDecoder extends ByteToMessageDecoder {

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        int length;
        try {
            length = FrameSplitter.nextLength(in, FrameSplitter.MAX_CLIENT_LENGTH);
        } catch (PduException e) {
            in.skipBytes(in.readableBytes()); // nobody knows where the next PDU begins
            throw e;
        }
        if (length != FrameSplitter.INCOMPLETE && in.readableBytes() >= length) {
            out.add(in.readRetainedSlice(length));
        }
    }
}
