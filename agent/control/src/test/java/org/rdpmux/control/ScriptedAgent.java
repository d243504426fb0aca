// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.control;

import java.io.IOException;
import java.io.InputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;

/** Something that listens on a control socket and answers each request as it is told, for one client after another. */
public final class ScriptedAgent implements AutoCloseable {

    private final Path socket;
    private final ServerSocketChannel listener;
    private final Thread thread;

    /** What a client sent. */
    public record Asked(String head, String body) {

        /** As an agent would read it. */
        public Request request() {
            String[] words = head.split(" ", 3);
            Routes.Found found = Routes.find(words[0], words[1]);
            return ((Route.Operation) found.route().orElseThrow()).read(found.inPath(), found.query(), body);
        }
    }

    private ScriptedAgent(Path socket, ServerSocketChannel listener, Function<Asked, String> answers) {
        this.socket = socket;
        this.listener = listener;
        this.thread = new Thread(() -> serve(answers), "scripted-agent");
    }

    /**
     * Listens in {@code directory}.
     *
     * @param answers what to send, which {@link #answer} makes; null to hang up
     */
    public static ScriptedAgent answering(Path directory, Function<Asked, String> answers) throws IOException {
        Path socket = directory.resolve("control.sock");
        ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        listener.bind(UnixDomainSocketAddress.of(socket));
        ScriptedAgent agent = new ScriptedAgent(socket, listener, answers);
        agent.thread.start();
        return agent;
    }

    /** A report, or a {@link Problem}, as an agent sends it. */
    public static String answer(Record report) {
        String body = ControlApi.toJson(report);
        return report instanceof Problem problem
                ? answer(problem.status() + " " + problem.title(), ControlApi.PROBLEM_JSON, body)
                : answer("200 OK", ControlApi.JSON, body);
    }

    static String answer(String status, String type, String body) {
        return "HTTP/1.1 " + status + "\r\ncontent-type: " + type + "\r\ncontent-length: "
                + body.getBytes(StandardCharsets.UTF_8).length + "\r\n\r\n" + body;
    }

    public Path socket() {
        return socket;
    }

    private void serve(Function<Asked, String> answers) {
        while (listener.isOpen()) {
            try (SocketChannel client = listener.accept()) {
                InputStream in = Channels.newInputStream(client);
                for (String head = head(in); !head.isEmpty(); head = head(in)) {
                    String answer = answers.apply(new Asked(head, body(head, in)));
                    if (answer == null) {
                        break;
                    }
                    ByteBuffer bytes = ByteBuffer.wrap(answer.getBytes(StandardCharsets.UTF_8));
                    while (bytes.hasRemaining()) {
                        client.write(bytes);
                    }
                }
            } catch (IOException ignored) {
                // The client left, or the test ended.
            }
        }
    }

    /** Up to the empty line; empty at the end. */
    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        for (int b = in.read(); b >= 0; b = in.read()) {
            head.append((char) b);
            if (head.toString().endsWith("\r\n\r\n")) {
                return head.toString();
            }
        }
        return "";
    }

    private static String body(String head, InputStream in) throws IOException {
        String field = "\r\nContent-Length: ";
        int at = head.indexOf(field);
        int length = at < 0
                ? 0
                : Integer.parseInt(head.substring(at + field.length()).split("\r", 2)[0]);
        return new String(in.readNBytes(length), StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        listener.close();
        Files.deleteIfExists(socket);
        try {
            thread.join(10_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
