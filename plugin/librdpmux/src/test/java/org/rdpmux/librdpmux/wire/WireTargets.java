// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.librdpmux.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.rdpmux.librdpmux.wire.TransportReady.Framing;

/** What must hold whatever bytes a guest sends. */
final class WireTargets {

    private static final String UUID = "9ef9c21a-ab49-45ae-a273-38c9f53e5127";
    private static final int MAX_PAYLOAD = Math.max(SpCodec.MAX_PAYLOAD, ZmtpCodec.MAX_FRAME);

    private WireTargets() {}

    /** A message is refused, or written again as it was read. */
    static void message(byte[] bytes) {
        ByteBuf in = Unpooled.wrappedBuffer(bytes);
        GuestMessage.Numbered read;
        try {
            read = GuestMessage.decode(in);
        } catch (MalformedMessageException refused) {
            return;
        }
        byte[] consumed = Arrays.copyOf(bytes, in.readerIndex());
        assertArrayEquals(consumed, written(read));
    }

    private static byte[] written(GuestMessage.Numbered numbered) {
        GuestMessage message = numbered.message();
        if (message instanceof GuestMessage.Update update) {
            return array(
                    numbered.numbering().number(GuestMessage.UPDATE),
                    update.x(),
                    update.y(),
                    update.width(),
                    update.height());
        }
        if (message instanceof GuestMessage.SwitchMode mode) {
            int type = numbered.numbering().number(GuestMessage.SWITCH);
            return array(type, mode.format(), mode.width(), mode.height());
        }
        return array(numbered.numbering().number(GuestMessage.SHUTDOWN));
    }

    private static byte[] array(long... values) {
        ByteBuf out = Unpooled.buffer();
        MsgPack.writeArray(out, values.length);
        for (long value : values) {
            if (value < 0 || value > 0xffff_ffffL) {
                out.writeByte(0xcf).writeLong(value);
            } else if (value > Integer.MAX_VALUE) {
                out.writeByte(0xce).writeInt((int) value);
            } else {
                MsgPack.writeUnsigned(out, (int) value);
            }
        }
        return Arrays.copyOf(out.array(), out.writerIndex());
    }

    /** What comes after nanomsg's header, in pieces as long as the first byte says. */
    static void sp(byte[] bytes) {
        framed(Set.of(Framing.SP), Bytes.hex(Bytes.SP_HEADER), bytes);
    }

    /** What comes after ZeroMQ's greeting, or after the whole handshake, in pieces as long as the first byte says. */
    static void zmtp(byte[] bytes) {
        byte[] handshake = Bytes.hex(Bytes.DEALER_HANDSHAKE);
        boolean greetingOnly = bytes.length > 0 && bytes[0] < 0;
        framed(Set.of(Framing.ZMTP), greetingOnly ? Arrays.copyOf(handshake, 64) : handshake, bytes);
    }

    /** A connection from its first byte on. */
    static void sniffed(byte[] bytes) {
        framed(Set.of(Framing.values()), new byte[0], bytes);
    }

    /** The same comes out however the bytes arrive, within bounds, and nothing else is thrown. */
    private static void framed(Set<Framing> allowed, byte[] start, byte[] bytes) {
        if (bytes.length == 0) {
            return;
        }
        byte[] stream = Arrays.copyOf(start, start.length + bytes.length - 1);
        System.arraycopy(bytes, 1, stream, start.length, bytes.length - 1);
        Outcome whole = Outcome.of(allowed, stream, Math.max(1, stream.length));
        Outcome pieces = Outcome.of(allowed, stream, 1 + (bytes[0] & 0x7f));
        assertEquals(whole.refused, pieces.refused);
        assertEquals(whole.refused, whole.malformed);
        assertEquals(pieces.refused, pieces.malformed);
        assertEquals(whole.sent, pieces.sent, () -> Bytes.hex(bytes));
        assertEquals(whole.received.size(), pieces.received.size(), () -> Bytes.hex(bytes));
        for (int i = 0; i < whole.received.size(); i++) {
            assertArrayEquals(whole.received.get(i), pieces.received.get(i));
            assertTrue(whole.received.get(i).length <= MAX_PAYLOAD);
        }
    }

    /** What the last in the pipeline gets, which hears of the first error and then no more. */
    private static final class Outcome extends ChannelInboundHandlerAdapter {
        private final List<byte[]> received = new ArrayList<>();
        private String sent = "";
        private boolean refused;
        private boolean malformed;

        static Outcome of(Set<Framing> allowed, byte[] stream, int piece) {
            Outcome outcome = new Outcome();
            EmbeddedChannel channel = new EmbeddedChannel(new TransportSniffer(allowed, UUID), outcome);
            for (int at = 0; at < stream.length && !outcome.refused; at += piece) {
                channel.writeInbound(Unpooled.copiedBuffer(stream, at, Math.min(piece, stream.length - at)));
            }
            outcome.sent = Bytes.sent(channel);
            channel.finishAndReleaseAll();
            return outcome;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object payload) {
            if (!refused) {
                received.add((byte[]) payload);
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            if (!refused) {
                refused = true;
                malformed = cause.getCause() instanceof MalformedMessageException;
            }
        }
    }
}
