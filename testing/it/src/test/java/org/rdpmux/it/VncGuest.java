// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.it;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.rdpmux.display.Rect;
import org.rdpmux.display.Region;

/**
 * A VNC server in the place of a guest's display, which shows what a test paints. Any thread may paint; clients have threads
 * of their own.
 */
final class VncGuest implements AutoCloseable {

    private static final int RAW = 0;
    private static final int COPY_RECT = 1;
    private static final int DESKTOP_SIZE = -223;
    private static final int AREA_HEADER = 12;

    private final ServerSocket server;
    private final List<Connection> connections = new CopyOnWriteArrayList<>();
    private Picture screen;

    /** Listens on a free port of the loopback address. */
    VncGuest(Picture first) {
        screen = first;
        try {
            server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        run("vnc-guest", () -> {
            while (true) {
                connections.add(new Connection(server.accept()));
            }
        });
    }

    private interface Task {
        void run() throws IOException, InterruptedException;
    }

    private static void run(String name, Task task) {
        Thread thread = new Thread(
                () -> {
                    try {
                        task.run();
                    } catch (IOException | InterruptedException e) {
                        // closed from the other side, or from this one
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
    }

    /** What a configuration calls this display. */
    String address() {
        return "vnc://127.0.0.1:" + server.getLocalPort();
    }

    /** What it shows now; a copy. */
    synchronized Picture picture() {
        return screen.map(pixel -> pixel);
    }

    /** Shows something else, perhaps of another size. */
    synchronized void show(Picture other) {
        boolean resized = other.width() != screen.width() || other.height() != screen.height();
        screen = other;
        connections.forEach(connection -> connection.changed(whole(), resized));
    }

    /** Something paints on the live screen, and says what it changed. */
    synchronized void paint(Painter painter) {
        List<Rect> changed = painter.paint(screen);
        changed.forEach(area -> connections.forEach(connection -> connection.changed(area, false)));
    }

    /** Moves what is in an area up, as a terminal does; its last rows stay and are painted anew. */
    synchronized void scrollUp(Rect area, int rows, Painter last) {
        for (int y = area.y(); y < area.bottom() - rows; y++) {
            int[] pixels = screen.pixels();
            int width = screen.width();
            System.arraycopy(pixels, (y + rows) * width + area.x(), pixels, y * width + area.x(), area.width());
        }
        Rect to = new Rect(area.x(), area.y(), area.width(), area.height() - rows);
        connections.forEach(connection -> connection.moved(to, rows));
        paint(last);
    }

    /** Paints, and gives the areas that it changed. */
    interface Painter {
        List<Rect> paint(Picture screen);
    }

    private Rect whole() {
        return new Rect(0, 0, screen.width(), screen.height());
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Connection connection : connections) {
            connection.socket.close();
        }
    }

    /** One client: what it has not been sent yet. Guarded by the guest. */
    private final class Connection {

        private final Socket socket;
        private final Region damage = new Region();
        /** Pixels that have moved up since the last update, before anything else changed. */
        private Optional<Rect> moved = Optional.empty();

        private int movedRows;
        private boolean resized;
        private boolean asked;

        Connection(Socket socket) {
            this.socket = socket;
            run("vnc-guest-reader", this::read);
        }

        void changed(Rect area, boolean withSize) {
            damage.add(area);
            resized |= withSize;
            VncGuest.this.notifyAll();
        }

        void moved(Rect to, int rows) {
            if (moved.isPresent() || !damage.isEmpty()) {
                changed(to, false);
            } else {
                moved = Optional.of(to);
                movedRows = rows;
                VncGuest.this.notifyAll();
            }
        }

        private void read() throws IOException {
            try (socket) {
                socket.setTcpNoDelay(true);
                DataInputStream in = new DataInputStream(socket.getInputStream());
                greet(in);
                run("vnc-guest-writer", this::write);
                while (true) {
                    readMessage(in);
                }
            } finally {
                connections.remove(this);
            }
        }

        private void greet(DataInputStream in) throws IOException {
            OutputStream out = socket.getOutputStream();
            out.write("RFB 003.008\n".getBytes(StandardCharsets.US_ASCII));
            in.readNBytes(12);
            out.write(new byte[] {1, 1}); // one security type: none
            in.readByte();
            out.write(new byte[4]);
            in.readByte();
            ByteBuffer init = ByteBuffer.allocate(28);
            synchronized (VncGuest.this) {
                init.putShort((short) screen.width()).putShort((short) screen.height());
                resized = false;
            }
            init.put(new byte[] {32, 24, 0, 1, 0, -1, 0, -1, 0, -1, 16, 8, 0, 0, 0, 0});
            out.write(init.putInt(4)
                    .put("test".getBytes(StandardCharsets.US_ASCII))
                    .array());
        }

        private void readMessage(DataInputStream in) throws IOException {
            int type = in.readUnsignedByte();
            switch (type) {
                case 0 -> in.skipNBytes(19); // SetPixelFormat: the one of greet
                case 2 -> {
                    in.readByte();
                    in.skipNBytes(4L * in.readUnsignedShort());
                }
                case 3 -> {
                    boolean incremental = in.readBoolean();
                    in.skipNBytes(8);
                    ask(incremental);
                }
                case 4 -> in.skipNBytes(7);
                case 5 -> in.skipNBytes(5);
                case 251 -> {
                    in.skipNBytes(5);
                    in.skipNBytes(1 + 16L * in.readUnsignedByte());
                }
                default -> throw new IOException("message " + type);
            }
        }

        private void ask(boolean incremental) {
            synchronized (VncGuest.this) {
                asked = true;
                if (!incremental) {
                    damage.add(whole());
                }
                VncGuest.this.notifyAll();
            }
        }

        private void write() throws IOException, InterruptedException {
            try (socket) {
                while (!socket.isClosed()) {
                    socket.getOutputStream().write(nextUpdate());
                }
            }
        }

        private byte[] nextUpdate() throws InterruptedException {
            synchronized (VncGuest.this) {
                while (!asked || damage.isEmpty() && moved.isEmpty() && !resized) {
                    VncGuest.this.wait();
                }
                asked = false;
                if (resized) {
                    return sizeUpdate();
                }
                damage.intersect(whole());
                ByteBuffer update = ByteBuffer.allocate(updateSize()).order(ByteOrder.BIG_ENDIAN);
                update.putShort((short) 0).putShort((short) (damage.count() + (moved.isPresent() ? 1 : 0)));
                moved.ifPresent(to -> {
                    header(update, to, COPY_RECT);
                    update.putShort((short) to.x()).putShort((short) (to.y() + movedRows));
                });
                damage.rectangles().forEach(area -> putPixels(update, area));
                forgetChanges();
                return update.array();
            }
        }

        private int updateSize() {
            int copies = moved.isPresent() ? AREA_HEADER + 4 : 0;
            return (int) (4 + copies + (long) AREA_HEADER * damage.count() + 4 * damage.area());
        }

        /** The new size; the client asks for all of its pixels then. */
        private byte[] sizeUpdate() {
            forgetChanges();
            damage.add(whole());
            ByteBuffer update =
                    ByteBuffer.allocate(4 + AREA_HEADER).putShort((short) 0).putShort((short) 1);
            header(update, whole(), DESKTOP_SIZE);
            return update.array();
        }

        private void forgetChanges() {
            damage.clear();
            moved = Optional.empty();
            resized = false;
        }

        private void putPixels(ByteBuffer update, Rect area) {
            header(update, area, RAW);
            ByteBuffer pixels = update.slice().order(ByteOrder.LITTLE_ENDIAN);
            for (int y = area.y(); y < area.bottom(); y++) {
                pixels.asIntBuffer().put(screen.pixels(), y * screen.width() + area.x(), area.width());
                pixels.position(pixels.position() + 4 * area.width());
            }
            update.position(update.position() + pixels.position());
        }

        private static void header(ByteBuffer update, Rect area, int encoding) {
            update.putShort((short) area.x()).putShort((short) area.y());
            update.putShort((short) area.width())
                    .putShort((short) area.height())
                    .putInt(encoding);
        }
    }
}
