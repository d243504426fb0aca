// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.bench;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.LockSupport;

/**
 * A VNC server whose small screen changes its colour with each key or button that goes down, or which sends CopyRects without
 * end to whoever connects.
 */
final class EchoGuest implements AutoCloseable {

    static final int WIDTH = 64;
    static final int HEIGHT = 48;

    private static final long TICK_NANOS = 300_000_000;
    private static final int COPY_RECT = 1;
    private static final int COPIES_A_MESSAGE = 10_000;

    private final ServerSocket server;
    private final boolean copies;

    /** Listens on a free loopback port. */
    EchoGuest(boolean copies) throws IOException {
        this.copies = copies;
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        start(() -> {
            while (true) {
                Socket socket = server.accept();
                start(() -> new Connection(socket).serve());
            }
        });
    }

    int port() {
        return server.getLocalPort();
    }

    private interface Task {
        void run() throws IOException;
    }

    private static void start(Task task) {
        Thread thread = new Thread(() -> {
            try {
                task.run();
            } catch (IOException e) {
                // the other side has left, or the server is closed
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }

    /** One client of the server: its thread reads, and writes at once. */
    private final class Connection {
        private final DataInputStream in;
        private final DataOutputStream out;
        private int ticks;
        private volatile int colour = 1;
        private volatile int shown;
        private volatile boolean asked;
        private int buttons;

        Connection(Socket socket) throws IOException {
            socket.setTcpNoDelay(true);
            in = new DataInputStream(socket.getInputStream());
            out = new DataOutputStream(socket.getOutputStream());
        }

        void serve() throws IOException {
            out.write("RFB 003.008\n".getBytes(StandardCharsets.US_ASCII));
            in.readNBytes(12);
            out.write(new byte[] {1, 1}); // one security type: none
            in.readByte();
            out.writeInt(0);
            in.readByte();
            ByteBuffer init = ByteBuffer.allocate(28);
            init.putShort((short) WIDTH).putShort((short) HEIGHT);
            init.put(new byte[] {32, 24, 0, 1, 0, -1, 0, -1, 0, -1, 16, 8, 0, 0, 0, 0});
            init.putInt(4).put("load".getBytes(StandardCharsets.US_ASCII));
            out.write(init.array());
            start(this::tick);
            while (true) {
                read();
                paint(false);
            }
        }

        /** Something moves on the screen whatever people do, as on most guests'. */
        private void tick() throws IOException {
            while (true) {
                LockSupport.parkNanos(TICK_NANOS);
                paint(true);
            }
        }

        private synchronized void paint(boolean ticked) throws IOException {
            ticks += ticked ? 1 : 0;
            if (asked && (shown != colour || ticked)) {
                asked = false;
                shown = colour;
                update();
            }
        }

        private void read() throws IOException {
            int type = in.readUnsignedByte();
            switch (type) {
                case 0 -> in.skipNBytes(19);
                case 2 -> {
                    in.readByte();
                    in.skipNBytes(4L * in.readUnsignedShort());
                }
                case 3 -> {
                    asked = true;
                    shown = in.readBoolean() ? shown : 0;
                    in.skipNBytes(8);
                    if (copies && shown != 0) {
                        copyForEver();
                    }
                }
                case 4 -> {
                    colour += in.readByte();
                    in.skipNBytes(6);
                }
                case 5 -> {
                    int now = in.readUnsignedByte();
                    colour += (now & ~buttons) != 0 ? 1 : 0;
                    buttons = now;
                    in.skipNBytes(4);
                }
                default -> throw new IOException("message " + type);
            }
        }

        private void update() throws IOException {
            ByteBuffer update =
                    ByteBuffer.allocate(16 + WIDTH * HEIGHT * 4).putInt(1).putInt(0);
            update.putShort((short) WIDTH).putShort((short) HEIGHT).putInt(0);
            while (update.hasRemaining()) {
                update.putInt((update.remaining() > WIDTH * 4 ? colour : ticks) << 8);
            }
            out.write(update.array());
        }

        private void copyForEver() throws IOException {
            ByteBuffer update = ByteBuffer.allocate(4 + 16 * COPIES_A_MESSAGE)
                    .putShort((short) 0)
                    .putShort((short) COPIES_A_MESSAGE);
            while (update.hasRemaining()) {
                update.putInt(0)
                        .putShort((short) WIDTH)
                        .putShort((short) HEIGHT)
                        .putInt(COPY_RECT);
                update.putInt(0);
            }
            while (true) {
                out.write(update.array());
            }
        }
    }
}
