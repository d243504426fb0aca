// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.control;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/** A connection to the agent's control socket. One thread at a time. */
public final class ControlClient implements AutoCloseable {

    private final SocketChannel channel;
    private final Selector selector;
    private final ByteBuffer buffer = ByteBuffer.allocate(16 * 1024).flip();
    private final Duration deadline;

    private ControlClient(SocketChannel channel, Selector selector, Duration deadline) {
        this.channel = channel;
        this.selector = selector;
        this.deadline = deadline;
    }

    /**
     * Connects.
     *
     * @param deadline for each request
     * @throws IOException if nobody listens there or we are not allowed to connect
     */
    public static ControlClient connect(Path socket, Duration deadline) throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.connect(UnixDomainSocketAddress.of(socket));
            channel.configureBlocking(false);
            Selector selector = Selector.open();
            channel.register(selector, 0);
            return new ControlClient(channel, selector, deadline);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /**
     * Asks and waits for the answer.
     *
     * @param type of the result, as the request says
     * @throws RefusedException if the agent refuses
     * @throws IOException if the agent goes away, is silent for too long, or says what is not understood
     */
    public <T extends Record> T ask(Request request, Class<T> type) throws IOException {
        long end = System.nanoTime() + deadline.toNanos();
        write(ByteBuffer.wrap((ControlProtocol.encode(request) + "\n").getBytes(StandardCharsets.UTF_8)), end);
        Reply reply;
        try {
            reply = ControlProtocol.decodeReply(readLine(end), type);
        } catch (IllegalArgumentException e) {
            throw new IOException("the agent's answer is not understood: " + e.getMessage(), e);
        }
        if (reply instanceof Reply.Refused refused) {
            throw new RefusedException(refused.error());
        }
        return type.cast(((Reply.Ok) reply).result());
    }

    private void write(ByteBuffer bytes, long end) throws IOException {
        try {
            while (bytes.hasRemaining()) {
                await(SelectionKey.OP_WRITE, end);
                channel.write(bytes);
            }
        } catch (IOException e) {
            // An agent that refuses us says why before it hangs up: that line is the better message.
            await(SelectionKey.OP_READ, end);
        }
    }

    private String readLine(long end) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        while (true) {
            while (buffer.hasRemaining()) {
                byte b = buffer.get();
                if (b == '\n') {
                    return line.toString(StandardCharsets.UTF_8);
                }
                if (line.size() == ControlProtocol.MAX_REPLY_BYTES) {
                    throw new IOException("the agent's answer is longer than " + line.size() + " bytes");
                }
                line.write(b);
            }
            await(SelectionKey.OP_READ, end);
            int count = channel.read(buffer.clear());
            buffer.flip();
            if (count < 0) {
                throw new IOException("the agent closed the connection");
            }
        }
    }

    private void await(int operation, long end) throws IOException {
        channel.keyFor(selector).interestOps(operation);
        while (selector.selectedKeys().isEmpty()) {
            long millis = (end - System.nanoTime()) / 1_000_000;
            if (millis <= 0) {
                throw new IOException("the agent did not answer within " + deadline.toSeconds() + " s");
            }
            selector.select(millis);
        }
        selector.selectedKeys().clear();
    }

    @Override
    public void close() throws IOException {
        try (selector) {
            channel.close();
        }
    }

    /** The agent understood the request and refused it; the message is the agent's sentence. */
    public static final class RefusedException extends IOException {
        private static final long serialVersionUID = 1;

        RefusedException(String message) {
            super(message);
        }
    }
}
