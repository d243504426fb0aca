// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.vnc;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicLong;
import org.rdpmux.display.DisplayAddress;

/** A VNC server that a test plays step by step, over a real socket. */
final class FakeServer implements AutoCloseable {

    private final ServerSocketChannel listening;
    private SocketChannel client;
    private final AtomicLong sent = new AtomicLong();

    private FakeServer(ServerSocketChannel listening, SocketAddress address) throws IOException {
        this.listening = listening.bind(address);
    }

    static FakeServer tcp() throws IOException {
        return new FakeServer(ServerSocketChannel.open(), new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    static FakeServer unix(Path path) throws IOException {
        return new FakeServer(ServerSocketChannel.open(StandardProtocolFamily.UNIX), UnixDomainSocketAddress.of(path));
    }

    DisplayAddress address() throws IOException {
        if (listening.getLocalAddress() instanceof UnixDomainSocketAddress unix) {
            return new DisplayAddress.Unix(unix.getPath());
        }
        InetSocketAddress tcp = (InetSocketAddress) listening.getLocalAddress();
        return new DisplayAddress.Tcp("127.0.0.1", tcp.getPort());
    }

    void accept() throws IOException {
        client = listening.accept();
    }

    void send(ServerBytes bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes.array());
        while (buffer.hasRemaining()) {
            sent.addAndGet(client.write(buffer));
        }
    }

    /** How many bytes were sent so far: read by the client, or waiting in the socket. */
    long sent() {
        return sent.get();
    }

    /** Reads so many bytes, as hexadecimal digits. */
    String read(int count) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(count);
        while (buffer.hasRemaining()) {
            if (client.read(buffer) < 0) {
                throw new EOFException("the client closed after " + buffer.position() + " bytes of " + count);
            }
        }
        return HexFormat.of().formatHex(buffer.array());
    }

    /** Accepts, and shakes hands. What the client asks for first of all is read away. */
    void greet(int width, int height) throws IOException {
        accept();
        send(ServerBytes.greeting(width, height, "fake"));
        read(12 + 1 + 1 + 20 + 4 + 13 * 4);
    }

    /** Waits for the client to close. */
    boolean isLeft() throws IOException {
        ByteBuffer rest = ByteBuffer.allocate(4096);
        while (client.read(rest.clear()) >= 0) {
            continue;
        }
        return true;
    }

    /** Closes the connection, keeps listening. */
    void hangUp() throws IOException {
        client.close();
    }

    @Override
    public void close() throws IOException {
        listening.close();
        if (client != null) {
            client.close();
        }
    }
}
