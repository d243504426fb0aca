// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon.control;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** A client of the control socket that says what it likes. */
public final class RawClient implements AutoCloseable {

    private final SocketChannel channel;
    private final InputStream in;

    /** What the agent answered; names of fields are in lower case. */
    public record Answer(int status, Map<String, String> fields, String body) {}

    public RawClient(Path socket) throws IOException {
        channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        channel.connect(UnixDomainSocketAddress.of(socket));
        in = new BufferedInputStream(Channels.newInputStream(channel));
    }

    /** A request without a body. */
    static String request(String line) {
        return line + " HTTP/1.1\r\nHost: rdpmux\r\n\r\n";
    }

    /** A request with JSON. */
    static String request(String line, String body) {
        return line + " HTTP/1.1\r\nHost: rdpmux\r\nContent-Type: application/json\r\nContent-Length: "
                + body.getBytes(StandardCharsets.UTF_8).length + "\r\n\r\n" + body;
    }

    void say(byte[] bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    public void say(String text) throws IOException {
        say(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Likewise, unless the agent has hung up before. */
    void sayIfHeard(String text) {
        try {
            say(text);
        } catch (IOException e) {
            // What the agent said before it hung up can be heard.
        }
    }

    /** The next answer, whose body has a length. */
    public Answer hear() throws IOException {
        Answer head = hearHead();
        int length = Integer.parseInt(head.fields().getOrDefault("content-length", "0"));
        byte[] body = in.readNBytes(length);
        assertTrue(body.length == length, "the answer is cut off");
        return new Answer(head.status(), head.fields(), new String(body, StandardCharsets.UTF_8));
    }

    /** Likewise, without its body. */
    public Answer hearHead() throws IOException {
        String first = line();
        assertTrue(first.startsWith("HTTP/1.1 "), first);
        Map<String, String> fields = new LinkedHashMap<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            String[] field = line.split(": ", 2);
            fields.put(field[0].toLowerCase(Locale.ROOT), field[1]);
        }
        return new Answer(Integer.parseInt(first.split(" ")[1]), fields, "");
    }

    /** A line without its end, which may be of a stream. */
    String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException("the agent closed the connection after '" + line + "'");
            }
            line.append((char) b);
        }
        return line.toString().replaceFirst("\r$", "");
    }

    /** The data of the next event of a stream. */
    public String hearEvent() throws IOException {
        String line = line();
        while (!line.startsWith("data: ")) {
            line = line();
        }
        return line.substring(6);
    }

    /** Whether there is nothing more to hear; the system calls it a reset if the agent left unread what was sent. */
    boolean isAtEnd() {
        try {
            return in.read() < 0;
        } catch (IOException e) {
            return true;
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
