// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.qemudbus;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import org.rdpmux.display.GuestDisplay;
import org.rdpmux.display.PixelBudget;
import org.rdpmux.display.Rect;

/** QEMU as a test plays it, message by message, for a session without sockets. */
final class ScriptedQemu implements QemuSession.Surroundings, AutoCloseable {

    static final String LISTENER = "org.qemu.Display1.Listener";
    static final String MAP = "org.qemu.Display1.Listener.Unix.Map";
    static final String PROPERTIES = "org.freedesktop.DBus.Properties";
    static final int XRGB = 0x20020888;

    private static final int USER = 65533;
    private static final String WELCOME = "OK 1234deadbeef1234deadbeef12345678\r\nAGREE_UNIX_FD\r\n";

    /** What we sent. */
    record Sent(MessageHeader header, ByteBuf bytes) {
        DbusReader body() {
            return new DbusReader(bytes.duplicate());
        }
    }

    final Descriptors arrived = new Descriptors();
    final Deque<Sent> calls = new ArrayDeque<>();
    final Deque<Sent> answers = new ArrayDeque<>();
    final List<Runnable> moments = new ArrayList<>();
    final List<String> hellos = new ArrayList<>();
    final QemuSession session;
    final DbusPeer main;
    /** Null while there is no connection for pixels. */
    DbusPeer pixels;

    int listeners;
    boolean lost;
    private int serial;

    /** A session that is about to ask for the consoles. */
    ScriptedQemu(GuestDisplay.Listener listener, boolean active) {
        session = new QemuSession(listener, PixelBudget.unlimited(), this, active, () -> lost = true);
        main = new DbusPeer(USER, session, to(calls));
        session.begin(main);
        main.receive(text(WELCOME), arrived);
    }

    private DbusPeer.Output to(Deque<Sent> sent) {
        return (message, descriptor) -> {
            if (descriptor != UnixSocket.NO_DESCRIPTOR) {
                UnixSocket.close(descriptor);
            }
            if (message.getByte(0) == 0) {
                hellos.add(message.toString(StandardCharsets.US_ASCII));
            } else {
                ByteBuf bytes = Unpooled.copiedBuffer(message);
                sent.add(new Sent(MessageHeader.read(bytes), bytes));
            }
            message.release();
        };
    }

    private static ByteBuf text(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
    }

    @Override
    public int open(ListenerHandler handler) throws IOException {
        closeListener();
        listeners++;
        pixels = new DbusPeer(USER, handler, to(answers));
        handler.answerTo(pixels);
        pixels.receive(text(WELCOME), arrived);
        int[] pair = UnixSocket.pair();
        UnixSocket.close(pair[0]);
        return pair[1];
    }

    @Override
    public void closeListener() {
        if (pixels != null) {
            pixels.close();
            pixels = null;
        }
    }

    @Override
    public void later(Runnable task) {
        moments.add(task);
    }

    /** Lets the moments pass that are waited for now. */
    void passMoment() {
        List<Runnable> due = List.copyOf(moments);
        moments.clear();
        due.forEach(Runnable::run);
        session.report();
    }

    /** The bytes of a message of QEMU's. */
    byte[] bytes(MessageHeader header, Consumer<DbusWriter> body) {
        ByteBuf content = Unpooled.buffer();
        body.accept(new DbusWriter(content));
        ByteBuf message = Unpooled.buffer();
        header.write(++serial, content, message);
        byte[] bytes = new byte[message.readableBytes()];
        message.readBytes(bytes);
        return bytes;
    }

    /** QEMU calls the listener. */
    byte[] call(String interfaceName, String member, String signature, Consumer<DbusWriter> arguments) {
        return bytes(MessageHeader.call("/org/qemu/Display1/Listener", interfaceName, member, signature), arguments);
    }

    byte[] scanout(int width, int height, int stride, int format, byte... data) {
        return call(LISTENER, "Scanout", "uuuuay", out -> {
            out.int32(width).int32(height).int32(stride).int32(format);
            array(out, data);
        });
    }

    byte[] update(Rect area, int stride, int format, byte... data) {
        return call(LISTENER, "Update", "iiiiuuay", out -> {
            out.int32(area.x()).int32(area.y()).int32(area.width()).int32(area.height());
            out.int32(stride).int32(format);
            array(out, data);
        });
    }

    private static void array(DbusWriter out, byte[] data) {
        out.array(1, () -> {
            for (byte each : data) {
                out.uint8(each);
            }
        });
    }

    /** Sends on the connection for pixels, in one piece. */
    void send(byte[] message) {
        send(message, message.length);
    }

    void send(byte[] message, int piece) {
        feed(pixels, message, piece);
        session.report();
    }

    void feed(DbusPeer peer, byte[] message, int piece) {
        ByteBuf in = Unpooled.directBuffer();
        try {
            for (int at = 0; at < message.length; at += piece) {
                in.writeBytes(message, at, Math.min(piece, message.length - at));
                peer.receive(in, arrived);
                in.discardReadBytes();
            }
        } finally {
            in.release();
        }
    }

    /** Answers the oldest call of ours. */
    void reply(String signature, Consumer<DbusWriter> values) {
        byte[] message = bytes(MessageHeader.reply(calls.remove().header().serial(), signature), values);
        feed(main, message, message.length);
    }

    void refuse(String error) {
        byte[] message = bytes(MessageHeader.error(calls.remove().header().serial(), error), out -> out.string("no"));
        feed(main, message, message.length);
    }

    /** Introduces itself: a text console, and one with a screen of this size, for a mouse of this kind. */
    void introduce(int width, int height, boolean absolute) {
        reply("v", out -> out.signature("au").array(4, () -> out.int32(7).int32(9)));
        reply(
                "a{sv}",
                out -> out.array(
                        8, () -> out.align(8).string("Type").signature("s").string("Text")));
        reply(
                "a{sv}",
                out -> out.array(8, () -> {
                    out.align(8).string("Label").signature("s").string("VGA");
                    out.align(8).string("Type").signature("s").string("Graphic");
                    out.align(8).string("Interfaces").signature("as").array(4, () -> out.string("x"));
                    out.align(8).string("Width").signature("u").int32(width);
                    out.align(8).string("Height").signature("u").int32(height);
                }));
        reply(
                "a{sv}",
                out -> out.array(
                        8, () -> out.align(8).string("Modifiers").signature("u").int32(2)));
        reply(
                "a{sv}",
                out -> out.array(
                        8,
                        () -> out.align(8).string("IsAbsolute").signature("b").int32(absolute ? 1 : 0)));
        reply("", out -> {}); // RegisterListener
    }

    /** Says that the console has another size. */
    void sizeChanged(int width, int height) {
        byte[] message = bytes(
                new MessageHeader(
                        MessageHeader.SIGNAL,
                        0,
                        0,
                        0,
                        "/org/qemu/Display1/Console_9",
                        PROPERTIES,
                        "PropertiesChanged",
                        "",
                        0,
                        "sa{sv}as",
                        0),
                out -> {
                    out.string("org.qemu.Display1.Console");
                    out.array(8, () -> {
                        out.align(8).string("Width").signature("u").int32(width);
                        out.align(8).string("Height").signature("u").int32(height);
                    });
                    out.array(4, () -> {});
                });
        feed(main, message, message.length);
        session.report();
    }

    @Override
    public void close() {
        session.close();
        main.close();
        arrived.close();
    }
}
