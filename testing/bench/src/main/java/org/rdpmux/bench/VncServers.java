// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.bench;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;

/**
 * Many VNC servers on Unix sockets, in one thread: each shows noise to whoever asks for a whole screen, and then nothing more.
 *
 * <pre>
 * VncServers DIRECTORY COUNT WIDTHxHEIGHT [MILLISECONDS WIDTHxHEIGHT]
 * </pre>
 *
 * listens on DIRECTORY/1.sock and so on, and prints "ready". With the last two words each screen changes to the other size
 * and back, again and again, after so much time.
 */
public final class VncServers {

    private record Size(int width, int height) {
        static Size parse(String text) {
            String[] sides = text.split("x");
            return new Size(Integer.parseInt(sides[0]), Integer.parseInt(sides[1]));
        }

        int bytes() {
            return width * height * 4;
        }
    }

    private final Selector selector = Selector.open();
    private final Size[] sizes;
    private final long flipMillis;
    private final ByteBuffer noise;
    private int current;

    private VncServers(Size[] sizes, long flipMillis) throws IOException {
        this.sizes = sizes;
        this.flipMillis = flipMillis;
        byte[] bytes = new byte[Math.max(sizes[0].bytes(), sizes[1].bytes())];
        new Random(1).nextBytes(bytes);
        noise = ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    }

    /** Takes what the class says; runs until it is killed. */
    public static void main(String[] args) throws IOException {
        Size size = Size.parse(args[2]);
        boolean flips = args.length > 4;
        VncServers servers = new VncServers(
                new Size[] {size, flips ? Size.parse(args[4]) : size}, flips ? Long.parseLong(args[3]) : 0);
        for (int i = 1; i <= Integer.parseInt(args[1]); i++) {
            ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            server.bind(UnixDomainSocketAddress.of(Path.of(args[0], i + ".sock")));
            server.configureBlocking(false);
            server.register(servers.selector, SelectionKey.OP_ACCEPT);
        }
        System.out.println("ready");
        servers.run();
    }

    private void run() throws IOException {
        long flipAt = System.currentTimeMillis() + flipMillis;
        while (true) {
            selector.select(flipMillis);
            for (SelectionKey key : selector.selectedKeys()) {
                if (key.isAcceptable()) {
                    accept((ServerSocketChannel) key.channel());
                } else {
                    ((Connection) key.attachment()).serve(key);
                }
            }
            selector.selectedKeys().clear();
            if (flipMillis > 0 && System.currentTimeMillis() >= flipAt) {
                flipAt = System.currentTimeMillis() + flipMillis;
                current = 1 - current;
                for (SelectionKey key : selector.keys()) {
                    if (key.attachment() instanceof Connection connection) {
                        connection.resize(key);
                    }
                }
            }
        }
    }

    private void accept(ServerSocketChannel server) throws IOException {
        SocketChannel channel = server.accept();
        channel.configureBlocking(false);
        Connection connection = new Connection(channel);
        SelectionKey key = channel.register(selector, SelectionKey.OP_READ, connection);
        connection.send("RFB 003.008\n".getBytes(StandardCharsets.US_ASCII));
        connection.serve(key);
    }

    private final class Connection {

        private final SocketChannel channel;
        private final ByteBuffer in = ByteBuffer.allocate(4096);
        private final Deque<ByteBuffer> out = new ArrayDeque<>();
        private int stage;

        Connection(SocketChannel channel) {
            this.channel = channel;
        }

        void send(byte[] bytes) {
            out.add(ByteBuffer.wrap(bytes));
        }

        void serve(SelectionKey key) {
            try {
                if (key.isReadable()) {
                    if (channel.read(in) < 0) {
                        throw new IOException("closed");
                    }
                    in.flip();
                    while (message()) {
                        in.mark();
                    }
                    in.compact();
                }
                write(key);
            } catch (IOException e) {
                key.cancel();
                try {
                    channel.close();
                } catch (IOException ignored) {
                    // gone
                }
            }
        }

        void resize(SelectionKey key) {
            if (stage == 3 && out.isEmpty()) {
                ByteBuffer update = header(1).putInt(-223).flip();
                out.add(update);
                serveWrites(key);
            }
        }

        private void serveWrites(SelectionKey key) {
            try {
                write(key);
            } catch (IOException e) {
                key.cancel();
            }
        }

        private void write(SelectionKey key) throws IOException {
            while (!out.isEmpty()) {
                channel.write(out.peek());
                if (out.peek().hasRemaining()) {
                    break;
                }
                out.remove();
            }
            key.interestOps(SelectionKey.OP_READ | (out.isEmpty() ? 0 : SelectionKey.OP_WRITE));
        }

        private boolean message() {
            return switch (stage) {
                case 0 -> handshake(12, new byte[] {1, 1});
                case 1 -> handshake(1, new byte[4]);
                case 2 -> handshake(1, serverInit());
                default -> clientMessage();
            };
        }

        private boolean handshake(int size, byte[] answer) {
            if (!skip(size)) {
                return false;
            }
            stage++;
            send(answer);
            return true;
        }

        private byte[] serverInit() {
            ByteBuffer init = ByteBuffer.allocate(24 + 4);
            init.putShort((short) sizes[current].width()).putShort((short) sizes[current].height());
            init.put(new byte[] {32, 24, 0, 1, 0, -1, 0, -1, 0, -1, 16, 8, 0, 0, 0, 0});
            return init.putInt(4)
                    .put("test".getBytes(StandardCharsets.US_ASCII))
                    .array();
        }

        private boolean skip(int size) {
            if (in.remaining() < size) {
                return false;
            }
            in.position(in.position() + size);
            return true;
        }

        private boolean clientMessage() {
            if (in.remaining() < 8) {
                return in.remaining() >= 6 && in.get(in.position()) == 5 && skip(6);
            }
            int at = in.position();
            return switch (in.get(at)) {
                case 0 -> skip(20);
                case 2 -> skip(4 + 4 * in.getShort(at + 2));
                case 3 -> updateRequest(in.get(at + 1) != 0);
                case 4 -> skip(8);
                case 5 -> skip(6);
                default -> throw new IllegalStateException("message " + in.get(at));
            };
        }

        private boolean updateRequest(boolean incremental) {
            if (!skip(10)) {
                return false;
            }
            if (!incremental) {
                out.add(header(1).putInt(0).flip());
                out.add(noise.duplicate().limit(sizes[current].bytes()));
            }
            return true;
        }

        private ByteBuffer header(int rectangles) {
            return ByteBuffer.allocate(16)
                    .putShort((short) 0)
                    .putShort((short) rectangles)
                    .putInt(0)
                    .putShort((short) sizes[current].width())
                    .putShort((short) sizes[current].height());
        }
    }
}
