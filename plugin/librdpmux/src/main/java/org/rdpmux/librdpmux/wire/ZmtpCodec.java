// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.librdpmux.wire;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageCodec;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * ZeroMQ's transport protocol 3.x (RFC 23 and 37) as a ROUTER speaks it with one DEALER, security mechanism NULL: a
 * greeting of 64 bytes each way, a READY command each way, then messages of one or more frames. Messages pass as {@link
 * Multipart} both ways; the peer's READY brings {@link TransportReady}. A PING is answered.
 */
public final class ZmtpCodec extends ByteToMessageCodec<ZmtpCodec.Multipart> {

    /** Real payloads have 24 bytes and real frames at most 36. */
    public static final int MAX_FRAME = 4096;
    /** The identity is the largest thing a READY command carries, and has at most 255 bytes. */
    public static final int MAX_COMMAND = 1024;
    /** A guest's message is its UUID and a payload; the rest is room for telling it apart from noise. */
    public static final int MAX_FRAMES = 4;

    private static final int GREETING = 64;
    private static final int SIGNATURE_END = 9;
    private static final int MECHANISM = 12;
    private static final int MECHANISM_SIZE = 20;
    private static final int MAX_PING_CONTEXT = 16;

    private static final int MORE = 1;
    private static final int LONG = 2;
    private static final int COMMAND = 4;

    private static final byte[] NULL_MECHANISM = Arrays.copyOf(ascii("NULL"), MECHANISM_SIZE);
    private static final byte[] READY = ascii("READY");
    private static final byte[] SOCKET_TYPE = ascii("Socket-Type");
    private static final byte[] IDENTITY = ascii("Identity");
    private static final byte[] ROUTER = ascii("ROUTER");
    private static final byte[] PONG = ascii("PONG");

    private enum State {
        GREETING,
        READY,
        MESSAGES
    }

    /**
     * A message.
     *
     * @param frames in order, 1 to {@value #MAX_FRAMES}; the arrays are not to be changed
     */
    public record Multipart(List<byte[]> frames) {
        public Multipart {
            frames = List.copyOf(frames);
            if (frames.isEmpty() || frames.size() > MAX_FRAMES) {
                throw new IllegalArgumentException("message of " + frames.size() + " frames");
            }
        }
    }

    private final List<byte[]> frames = new ArrayList<>(2);
    private State state = State.GREETING;
    /** What follows an error has no meaning; it is skipped until the connection is closed. */
    private boolean failed;

    public ZmtpCodec() {
        super(Multipart.class);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        ByteBuf out = ctx.alloc().buffer(GREETING);
        out.writeByte(0xff).writeLong(1).writeByte(0x7f); // signature
        out.writeByte(3).writeByte(1); // version 3.1
        out.writeBytes(NULL_MECHANISM);
        out.writeZero(GREETING - out.writerIndex()); // as-server 0, filler
        ctx.writeAndFlush(out);
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        if (failed) {
            in.skipBytes(in.readableBytes());
            return;
        }
        try {
            readZmtp(ctx, in, out);
        } catch (MalformedMessageException e) {
            failed = true;
            throw e;
        }
    }

    private void readZmtp(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        if (state == State.GREETING) {
            readGreeting(ctx, in);
        } else {
            readFrame(ctx, in, out);
        }
    }

    private void readGreeting(ChannelHandlerContext ctx, ByteBuf in) {
        if (in.readableBytes() < GREETING) {
            return;
        }
        ByteBuf greeting = in.readSlice(GREETING);
        if (greeting.getUnsignedByte(0) != 0xff || (greeting.getByte(SIGNATURE_END) & 1) == 0) {
            throw new MalformedMessageException("ZMTP greeting: no signature");
        }
        int major = greeting.getUnsignedByte(SIGNATURE_END + 1);
        if (major < 3) {
            throw new MalformedMessageException("ZMTP greeting: version " + major + " is older than 3");
        }
        byte[] mechanism = new byte[MECHANISM_SIZE];
        greeting.getBytes(MECHANISM, mechanism);
        if (!Arrays.equals(mechanism, NULL_MECHANISM)) {
            throw new MalformedMessageException("ZMTP greeting: mechanism is not NULL");
        }
        state = State.READY;
        ByteBuf body = ctx.alloc().buffer(48);
        writeName(body, READY);
        writeProperty(body, SOCKET_TYPE, ROUTER);
        writeProperty(body, IDENTITY, new byte[0]);
        sendCommand(ctx, body);
    }

    private void readFrame(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        int start = in.readerIndex();
        int available = in.readableBytes();
        if (available < 2) {
            return;
        }
        int flags = in.getUnsignedByte(start);
        if ((flags & ~(MORE | LONG | COMMAND)) != 0 || (flags & (MORE | COMMAND)) == (MORE | COMMAND)) {
            throw new MalformedMessageException("ZMTP frame: flags 0x%02x".formatted(flags));
        }
        int header = (flags & LONG) != 0 ? 9 : 2;
        if (available < header) {
            return;
        }
        long size = (flags & LONG) != 0 ? in.getLong(start + 1) : in.getUnsignedByte(start + 1);
        int limit = (flags & COMMAND) != 0 ? MAX_COMMAND : MAX_FRAME;
        if (size < 0 || size > limit) {
            throw new MalformedMessageException("ZMTP frame: size " + Long.toUnsignedString(size));
        }
        if (available < header + size) {
            return;
        }
        in.skipBytes(header);
        ByteBuf body = in.readSlice((int) size);
        if ((flags & COMMAND) != 0) {
            readCommand(ctx, body);
            return;
        }
        if (state != State.MESSAGES) {
            throw new MalformedMessageException("ZMTP frame: a message before READY");
        }
        if (frames.size() == MAX_FRAMES) {
            throw new MalformedMessageException("ZMTP message: more than " + MAX_FRAMES + " frames");
        }
        byte[] frame = new byte[body.readableBytes()];
        body.readBytes(frame);
        frames.add(frame);
        if ((flags & MORE) == 0) {
            out.add(new Multipart(frames));
            frames.clear();
        }
    }

    private void readCommand(ChannelHandlerContext ctx, ByteBuf body) {
        String name = readName(body, "command name");
        if (state == State.READY) {
            switch (name) {
                case "READY":
                    readReady(body);
                    state = State.MESSAGES;
                    ctx.fireUserEventTriggered(new TransportReady(TransportReady.Framing.ZMTP));
                    return;
                case "ERROR":
                    throw new MalformedMessageException("ZMTP: the peer gave up: " + readName(body, "error reason"));
                default:
                    throw new MalformedMessageException("ZMTP: command " + name + " before READY");
            }
        }
        switch (name) {
            case "PING":
                sendPong(ctx, body);
                break;
            case "PONG":
                break;
            default:
                throw new MalformedMessageException("ZMTP: command " + name);
        }
    }

    private static void readReady(ByteBuf body) {
        boolean dealer = false;
        while (body.isReadable()) {
            String name = readName(body, "property name");
            if (body.readableBytes() < 4) {
                throw new MalformedMessageException("ZMTP READY: ends within the length of " + name);
            }
            long length = body.readUnsignedInt();
            if (length > body.readableBytes()) {
                throw new MalformedMessageException("ZMTP READY: ends within the value of " + name);
            }
            String value = body.readCharSequence((int) length, StandardCharsets.US_ASCII)
                    .toString();
            if (name.equalsIgnoreCase("Socket-Type")) {
                if (!value.equals("DEALER")) {
                    throw new MalformedMessageException("ZMTP READY: socket type " + printable(value));
                }
                dealer = true;
            }
        }
        if (!dealer) {
            throw new MalformedMessageException("ZMTP READY: no socket type");
        }
    }

    private static void sendPong(ChannelHandlerContext ctx, ByteBuf body) {
        int context = body.readableBytes() - 2; // after the time to live
        if (context < 0 || context > MAX_PING_CONTEXT) {
            throw new MalformedMessageException("ZMTP PING: " + body.readableBytes() + " bytes");
        }
        ByteBuf pong = ctx.alloc().buffer(1 + PONG.length + context);
        writeName(pong, PONG);
        pong.writeBytes(body.skipBytes(2));
        sendCommand(ctx, pong);
    }

    /** Sends a command of at most 255 bytes; releases the body. */
    private static void sendCommand(ChannelHandlerContext ctx, ByteBuf body) {
        ByteBuf frame = ctx.alloc().buffer(2 + body.readableBytes());
        frame.writeByte(COMMAND).writeByte(body.readableBytes()).writeBytes(body);
        body.release();
        ctx.writeAndFlush(frame);
    }

    @Override
    protected void encode(ChannelHandlerContext ctx, Multipart message, ByteBuf out) {
        for (int i = 0; i < message.frames().size(); i++) {
            byte[] frame = message.frames().get(i);
            int more = i + 1 < message.frames().size() ? MORE : 0;
            if (frame.length <= 0xff) {
                out.writeByte(more).writeByte(frame.length);
            } else {
                out.writeByte(more | LONG).writeLong(frame.length);
            }
            out.writeBytes(frame);
        }
    }

    private static String readName(ByteBuf in, String what) {
        if (!in.isReadable()) {
            throw new MalformedMessageException("ZMTP: no " + what);
        }
        int length = in.readUnsignedByte();
        if (length > in.readableBytes()) {
            throw new MalformedMessageException("ZMTP: ends within " + what);
        }
        return printable(in.readCharSequence(length, StandardCharsets.US_ASCII).toString());
    }

    private static String printable(String text) {
        return text.replaceAll("[^\\x21-\\x7e]", "?");
    }

    private static void writeName(ByteBuf out, byte[] name) {
        out.writeByte(name.length).writeBytes(name);
    }

    private static void writeProperty(ByteBuf out, byte[] name, byte[] value) {
        writeName(out, name);
        out.writeInt(value.length).writeBytes(value);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
