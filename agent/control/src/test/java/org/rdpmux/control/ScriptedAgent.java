// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.control;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.UnaryOperator;

/** Something that listens on a control socket and answers each line as it is told, for one client after another. */
public final class ScriptedAgent implements AutoCloseable {

    private final Path socket;
    private final ServerSocketChannel listener;
    private final Thread thread;

    private ScriptedAgent(Path socket, ServerSocketChannel listener, UnaryOperator<String> answers) {
        this.socket = socket;
        this.listener = listener;
        this.thread = new Thread(() -> serve(answers), "scripted-agent");
    }

    /**
     * Listens in {@code directory}.
     *
     * @param answers text to send for a line, null to hang up
     */
    public static ScriptedAgent answering(Path directory, UnaryOperator<String> answers) throws IOException {
        Path socket = directory.resolve("control.sock");
        ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        listener.bind(UnixDomainSocketAddress.of(socket));
        ScriptedAgent agent = new ScriptedAgent(socket, listener, answers);
        agent.thread.start();
        return agent;
    }

    public Path socket() {
        return socket;
    }

    private void serve(UnaryOperator<String> answers) {
        while (listener.isOpen()) {
            try (SocketChannel client = listener.accept()) {
                BufferedReader lines = new BufferedReader(Channels.newReader(client, StandardCharsets.UTF_8));
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    String answer = answers.apply(line);
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
