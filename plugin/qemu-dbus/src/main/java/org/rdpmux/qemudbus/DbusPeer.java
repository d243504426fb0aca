// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.qemudbus;

import static org.rdpmux.qemudbus.DbusException.violation;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * One connection without a bus: authentication, then messages both ways. Works on bytes and descriptors alone. Belongs to one
 * thread. Closing it closes the descriptors that nobody took.
 */
final class DbusPeer implements AutoCloseable {

    /**
     * Of bodies that are read whole. The largest is a pointer's shape, of which the largest that is shown has 590 kB; QEMU
     * itself has none beyond 1 MB.
     */
    static final int MAX_WHOLE = 1 << 20;

    /** Calls that QEMU did not answer yet. Motion waits long before that; what is left is some hundred keys. */
    static final int MAX_CALLS = 1024;

    /** Where what is sent goes. */
    interface Output {
        /**
         * @param message released by whoever implements this
         * @param descriptor goes with it and is closed once it has gone, or {@link UnixSocket#NO_DESCRIPTOR}
         */
        void send(ByteBuf message, int descriptor);
    }

    /** What the other end has to say by itself. */
    interface Handler {
        /** How to read the body of this message as it arrives; null for whole, which {@link #message} then gets. */
        default MessageBody body(MessageHeader header) {
            return null;
        }

        /** A call or a signal. @param descriptors closed after this call */
        void message(MessageHeader header, DbusReader body, Descriptors descriptors);
    }

    /** What becomes of a call. */
    interface Reply {
        void returned(MessageHeader header, DbusReader body);

        /** @param error the name of the error, such as {@code org.freedesktop.DBus.Error.UnknownMethod} */
        void refused(String error);
    }

    private final Handler handler;
    private final Output output;
    private final Authentication authentication = new Authentication();
    private final Map<Integer, Reply> calls = new HashMap<>();
    private int lastSerial;

    // The message that is being read.
    private MessageHeader header;
    private MessageBody body;
    private Descriptors descriptors;
    private int bodyLeft;

    private boolean closed;

    /** Begins to talk. @param user whom to claim to be */
    DbusPeer(int user, Handler handler, Output output) {
        this.handler = handler;
        this.output = output;
        ByteBuf hello = Unpooled.directBuffer();
        Authentication.write(user, hello);
        output.send(hello, UnixSocket.NO_DESCRIPTOR);
    }

    /** Reads what it can, and leaves what it needs more bytes for. @param arrived the descriptors that came so far */
    void receive(ByteBuf in, Descriptors arrived) {
        if (!authentication.read(in)) {
            return;
        }
        while (!closed && (header != null || begin(in, arrived))) {
            if (body != null ? !pass(in) : !dispatch(in)) {
                return;
            }
            descriptors.close();
            header = null;
        }
    }

    private boolean begin(ByteBuf in, Descriptors arrived) {
        header = MessageHeader.read(in);
        if (header == null) {
            return false;
        }
        descriptors = arrived.take(header.descriptors());
        bodyLeft = header.bodyLength();
        body = handler.body(header);
        if (body == null && header.bodyLength() > MAX_WHOLE) {
            throw violation(header.member(), "has a body of " + header.bodyLength() + " bytes");
        }
        return true;
    }

    /** INVARIANT: a body's reader sees no byte of the next message. */
    private boolean pass(ByteBuf in) {
        int before = Math.min(bodyLeft, in.readableBytes());
        ByteBuf part = in.slice(in.readerIndex(), before);
        boolean whole = body.read(part);
        in.skipBytes(part.readerIndex());
        bodyLeft -= part.readerIndex();
        if (whole ? bodyLeft != 0 : before == bodyLeft + part.readerIndex()) {
            throw violation(header.member(), "is not as long as its header says");
        }
        return whole;
    }

    private boolean dispatch(ByteBuf in) {
        if (in.readableBytes() < bodyLeft) {
            return false;
        }
        DbusReader reader = new DbusReader(in.readSlice(bodyLeft));
        switch (header.type()) {
            case MessageHeader.METHOD_CALL, MessageHeader.SIGNAL -> handler.message(header, reader, descriptors);
            case MessageHeader.METHOD_RETURN -> {
                Reply reply = calls.remove(header.replySerial());
                if (reply != null) {
                    reply.returned(header, reader);
                }
            }
            case MessageHeader.ERROR -> {
                Reply reply = calls.remove(header.replySerial());
                if (reply != null) {
                    reply.refused(header.errorName());
                }
            }
            default -> {
                // To be ignored, by the specification.
            }
        }
        return true;
    }

    /** Whether it is within a message, or before the first one. */
    boolean isInsideMessage() {
        return header != null;
    }

    /** How many calls wait for an answer. */
    int unanswered() {
        return calls.size();
    }

    /** Calls a method without descriptors. */
    void call(MessageHeader method, Consumer<DbusWriter> arguments, Reply reply) {
        call(method, arguments, UnixSocket.NO_DESCRIPTOR, reply);
    }

    /** Calls a method. @param descriptor as {@link Output#send} */
    void call(MessageHeader method, Consumer<DbusWriter> arguments, int descriptor, Reply reply) {
        if (calls.size() == MAX_CALLS) {
            if (descriptor != UnixSocket.NO_DESCRIPTOR) {
                UnixSocket.close(descriptor);
            }
            throw new DbusException("does not answer its calls");
        }
        calls.put(lastSerial + 1, reply);
        send(method.with(descriptor == UnixSocket.NO_DESCRIPTOR ? 0 : 1), arguments, descriptor);
    }

    /** Answers a call, if an answer is wanted. */
    void answer(MessageHeader call, String signature, Consumer<DbusWriter> values) {
        if (call.isReplyWanted()) {
            send(MessageHeader.reply(call.serial(), signature), values, UnixSocket.NO_DESCRIPTOR);
        }
    }

    /** Refuses a call, if an answer is wanted. */
    void refuse(MessageHeader call, String error, String why) {
        if (call.isReplyWanted()) {
            send(MessageHeader.error(call.serial(), error), body -> body.string(why), UnixSocket.NO_DESCRIPTOR);
        }
    }

    private void send(MessageHeader message, Consumer<DbusWriter> content, int descriptor) {
        ByteBuf bytes = Unpooled.buffer();
        content.accept(new DbusWriter(bytes));
        ByteBuf out = Unpooled.directBuffer(256 + bytes.readableBytes());
        message.write(++lastSerial, bytes, out);
        output.send(out, descriptor);
    }

    @Override
    public void close() {
        closed = true;
        if (descriptors != null) {
            descriptors.close();
        }
    }
}
