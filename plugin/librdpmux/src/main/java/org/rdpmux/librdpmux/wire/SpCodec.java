// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.librdpmux.wire;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageCodec;
import java.util.List;

/**
 * nanomsg's Scalability Protocols over a Unix socket, pattern PAIR (sp-ipc-mapping-01): both sides send an 8 byte header,
 * then messages of a type byte, a 64 bit length and the payload. Payloads pass as {@code byte[]} both ways; the peer's
 * header brings {@link TransportReady}.
 */
public final class SpCodec extends ByteToMessageCodec<byte[]> {

    /** Real messages have 24 bytes; the rest is room for other allocators' block sizes. */
    public static final int MAX_PAYLOAD = 4096;

    /** NUL "SP" NUL, protocol 16 (PAIR), two reserved bytes. */
    private static final byte[] HEADER = {0, 'S', 'P', 0, 0, 0x10, 0, 0};

    private static final int IN_BAND = 1;
    private static final int MESSAGE_HEADER = 1 + 8;

    private boolean greeted;
    /** What follows an error has no meaning; it is skipped until the connection is closed. */
    private boolean failed;

    public SpCodec() {
        super(byte[].class);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        ctx.writeAndFlush(ctx.alloc().buffer(HEADER.length).writeBytes(HEADER));
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        if (failed) {
            in.skipBytes(in.readableBytes());
            return;
        }
        try {
            readSp(ctx, in, out);
        } catch (MalformedMessageException e) {
            failed = true;
            throw e;
        }
    }

    private void readSp(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        if (!greeted) {
            if (in.readableBytes() < HEADER.length) {
                return;
            }
            for (int i = 0; i < HEADER.length; i++) {
                int b = in.readByte();
                if (b != HEADER[i]) {
                    throw new MalformedMessageException(
                            "SP header: byte %d is 0x%02x, not PAIR's 0x%02x".formatted(i, b & 0xff, HEADER[i]));
                }
            }
            greeted = true;
            ctx.fireUserEventTriggered(new TransportReady(TransportReady.Framing.SP));
        }
        if (in.readableBytes() < MESSAGE_HEADER) {
            return;
        }
        int start = in.readerIndex();
        int type = in.getUnsignedByte(start);
        if (type != IN_BAND) {
            throw new MalformedMessageException("SP message: type " + type);
        }
        long length = in.getLong(start + 1);
        if (length < 0 || length > MAX_PAYLOAD) {
            throw new MalformedMessageException("SP message: length " + Long.toUnsignedString(length));
        }
        if (in.readableBytes() < MESSAGE_HEADER + length) {
            return;
        }
        in.skipBytes(MESSAGE_HEADER);
        byte[] payload = new byte[(int) length];
        in.readBytes(payload);
        out.add(payload);
    }

    @Override
    protected void encode(ChannelHandlerContext ctx, byte[] payload, ByteBuf out) {
        out.writeByte(IN_BAND).writeLong(payload.length).writeBytes(payload);
    }
}
