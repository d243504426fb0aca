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
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;

/** A connection to the agent's control socket. One thread at a time. */
public final class ControlClient implements AutoCloseable {

    /** Of the line of an event: many times the longest. */
    private static final int MAX_EVENT_BYTES = 256 * 1024;

    private final SocketChannel channel;
    private final Selector selector;
    private final ByteBuffer buffer = ByteBuffer.allocate(16 * 1024).flip();
    private final Duration usual;
    /** With the present request. */
    private Duration patience;

    /** When the agent's time is over, by {@link System#nanoTime}. */
    private long end;

    private boolean endless;

    private ControlClient(SocketChannel channel, Selector selector, Duration patience) {
        this.channel = channel;
        this.selector = selector;
        this.usual = patience;
        this.patience = patience;
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
        Route.Operation route = Routes.of(request.getClass());
        patience = usual.plus(Duration.ofSeconds(request instanceof Request.AwaitScreen wait ? wait.seconds() : 0));
        HttpAnswer answer = send(route.method(), route.target(request), route.body(request));
        patience = usual;
        return report(succeeded(answer, ControlApi.JSON), type);
    }

    /**
     * Asks for a picture of a guest's screen, and waits for it.
     *
     * @throws IOException as {@link #ask} does
     */
    public Screenshot screenshot(Request.TakeScreenshot request) throws IOException {
        Route.Operation route = Routes.of(request.getClass());
        HttpAnswer answer = send(route.method(), route.target(request), route.body(request));
        if (answer.status() != route.status() || !answer.contentType().equals(ControlApi.PNG)) {
            succeeded(answer, ControlApi.PNG);
        }
        String version = answer.field(ControlApi.SCREEN_VERSION.toLowerCase(Locale.ROOT));
        if (!version.matches("[0-9]{1,18}")) {
            throw new IOException("the agent's answer is not understood: a picture without a version");
        }
        return new Screenshot(answer.bytes(ControlApi.MAX_PICTURE_BYTES), Long.parseLong(version));
    }

    /**
     * Takes events as they happen.
     *
     * @param after the {@link EventReport#id} of the last one that is known; empty for those to come only
     * @param taker says whether it wants more
     * @throws IOException as {@link #ask} does, also when the agent ends
     */
    public void watch(String after, Predicate<EventReport> taker) throws IOException {
        HttpAnswer answer = send(Method.GET, Routes.EVENTS.path(), "", Map.of("Last-Event-ID", after));
        if (answer.status() != 200 || !answer.contentType().equals(ControlApi.EVENT_STREAM)) {
            succeeded(answer, ControlApi.EVENT_STREAM);
        }
        endless = true;
        boolean more = true;
        while (more) {
            String line = line(answer);
            // The other fields say what the data says, too.
            more = !line.startsWith("data: ") || taker.test(report(line.substring(6), EventReport.class));
        }
    }

    private HttpAnswer send(Method method, String target, String body) throws IOException {
        return send(method, target, body, Map.of());
    }

    private HttpAnswer send(Method method, String target, String body, Map<String, String> fields) throws IOException {
        end = System.nanoTime() + patience.toNanos();
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        StringBuilder head =
                new StringBuilder(method + " " + target + " HTTP/1.1\r\nHost: " + ControlApi.HOST + "\r\n");
        fields.forEach((name, value) -> head.append(value.isEmpty() ? "" : name + ": " + value + "\r\n"));
        if (bytes.length > 0) {
            head.append("Content-Type: " + ControlApi.JSON + "\r\nContent-Length: " + bytes.length + "\r\n");
        }
        byte[] headBytes = head.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII);
        ByteBuffer request = ByteBuffer.allocate(headBytes.length + bytes.length);
        write(request.put(headBytes).put(bytes).flip());
        return new HttpAnswer(this::next);
    }

    /** The body of a success. */
    private static String succeeded(HttpAnswer answer, String type) throws IOException {
        String text = answer.text();
        if (answer.contentType().equals(ControlApi.PROBLEM_JSON)) {
            throw new RefusedException(report(text, Problem.class).detail());
        }
        if (answer.status() >= 300 || !answer.contentType().equals(type)) {
            throw new IOException("the agent's answer is not understood: status " + answer.status() + " with '"
                    + answer.contentType() + "'");
        }
        return text;
    }

    private static <T extends Record> T report(String text, Class<T> type) throws IOException {
        try {
            if (Json.parse(text) instanceof Map<?, ?> members) {
                return RecordJson.fromJson(members, type);
            }
        } catch (IllegalArgumentException e) {
            throw new IOException("the agent's answer is not understood: " + e.getMessage(), e);
        }
        throw new IOException("the agent's answer is not understood: not an object of JSON");
    }

    private static String line(HttpAnswer answer) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = answer.next(); b != '\n'; b = answer.next()) {
            if (b < 0) {
                throw new IOException("the agent has ended the stream of events");
            }
            if (line.size() == MAX_EVENT_BYTES) {
                throw new IOException("an event is longer than " + MAX_EVENT_BYTES + " bytes");
            }
            line.write(b);
        }
        return line.toString(StandardCharsets.UTF_8);
    }

    private void write(ByteBuffer bytes) throws IOException {
        try {
            while (bytes.hasRemaining()) {
                await(SelectionKey.OP_WRITE);
                channel.write(bytes);
            }
        } catch (IOException e) {
            // An agent that refuses us says why before it hangs up: that answer is the better message.
            await(SelectionKey.OP_READ);
        }
    }

    private int next() throws IOException {
        while (!buffer.hasRemaining()) {
            await(SelectionKey.OP_READ);
            int count = channel.read(buffer.clear());
            buffer.flip();
            if (count < 0) {
                throw new IOException("the agent closed the connection");
            }
        }
        return buffer.get() & 0xff;
    }

    private void await(int operation) throws IOException {
        channel.keyFor(selector).interestOps(operation);
        while (selector.selectedKeys().isEmpty()) {
            long millis = endless ? 0 : (end - System.nanoTime()) / 1_000_000;
            if (millis <= 0 && !endless) {
                throw new IOException("the agent did not answer within " + patience.toSeconds() + " s");
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
