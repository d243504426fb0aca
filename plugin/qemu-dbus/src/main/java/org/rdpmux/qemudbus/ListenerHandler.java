// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.qemudbus;

import static org.rdpmux.qemudbus.DbusException.violation;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import org.rdpmux.display.GuestDisplay;
import org.rdpmux.display.PointerShape;
import org.rdpmux.display.Rect;
import org.rdpmux.display.SharedFramebuffer;

/**
 * What QEMU calls: the methods of {@code org.qemu.Display1.Listener} and {@code .Unix.Map} (dbus-display1.xml of QEMU). QEMU's
 * main loop, and the guest with it, waits for the answers to GetAll and ScanoutMap.
 */
final class ListenerHandler implements DbusPeer.Handler {

    private static final String LISTENER = "org.qemu.Display1.Listener";
    /** QEMU 9.2 and newer. */
    private static final String MAP = "org.qemu.Display1.Listener.Unix.Map";

    private static final String PROPERTIES = "org.freedesktop.DBus.Properties";
    private static final String UNKNOWN_METHOD = "org.freedesktop.DBus.Error.UnknownMethod";
    private static final String NOT_SUPPORTED = "org.freedesktop.DBus.Error.NotSupported";

    private final QemuScreen screen;
    private final GuestDisplay.Listener listener;
    private DbusPeer peer;
    private PointerShape shape = new PointerShape.Default();

    ListenerHandler(QemuScreen screen, GuestDisplay.Listener listener) {
        this.screen = screen;
        this.listener = listener;
    }

    /** Calls come from there. To be called before any does. */
    void answerTo(DbusPeer caller) {
        peer = caller;
    }

    @Override
    public MessageBody body(MessageHeader header) {
        if (header.type() != MessageHeader.METHOD_CALL
                || !header.interfaceName().equals(LISTENER)) {
            return null;
        }
        String pixels = switch (header.member()) {
            case "Scanout" -> PixelBody.SCANOUT;
            case "Update" -> PixelBody.UPDATE;
            default -> null;
        };
        if (pixels == null) {
            return null;
        }
        expect(header, pixels);
        PixelBody body = new PixelBody(header, screen);
        return in -> {
            boolean whole = body.read(in);
            if (whole) {
                done(header);
            }
            return whole;
        };
    }

    private static void expect(MessageHeader header, String signature) {
        if (!header.signature().equals(signature)) {
            throw violation(header.member(), "has other arguments than " + signature);
        }
    }

    private void done(MessageHeader call) {
        peer.answer(call, "", body -> {});
    }

    @Override
    public void message(MessageHeader call, DbusReader body, Descriptors descriptors) {
        if (call.type() != MessageHeader.METHOD_CALL) {
            return;
        }
        switch (call.interfaceName() + '.' + call.member()) {
            case PROPERTIES + ".GetAll" -> properties(call, body);
            case MAP + ".ScanoutMap" -> scanoutMap(call, body, descriptors);
            case MAP + ".UpdateMap" -> {
                expect(call, "iiii");
                screen.damaged(area(body));
                body.end();
                done(call);
            }
            case LISTENER + ".CursorDefine" -> cursorDefine(call, body);
            case LISTENER + ".MouseSet" -> mouseSet(call, body);
            case LISTENER + ".Disable" -> {
                screen.blank();
                done(call);
            }
            case LISTENER + ".ScanoutDMABUF" ->
                throw new DbusException(
                        "has its pictures in the graphics card, where they cannot be read: switch OpenGL off for it");
            default -> peer.refuse(call, UNKNOWN_METHOD, "no such method here");
        }
    }

    private static Rect area(DbusReader body) {
        return QemuScreen.area(body.int32(), body.int32(), body.int32(), body.int32());
    }

    private void properties(MessageHeader call, DbusReader body) {
        expect(call, "s");
        boolean ours = body.string().equals(LISTENER);
        body.end();
        peer.answer(
                call,
                "a{sv}",
                out -> out.array(8, () -> {
                    if (ours) {
                        out.align(8).string("Interfaces").signature("as").array(4, () -> out.string(MAP));
                    }
                }));
    }

    /** Handle, offset, width, height, stride, format. */
    private void scanoutMap(MessageHeader call, DbusReader body, Descriptors descriptors) {
        expect(call, "huuuuu");
        int descriptor = descriptors.claim(body.int32());
        try {
            long offset = Integer.toUnsignedLong(body.int32());
            Rect area = QemuScreen.area(0, 0, body.int32(), body.int32());
            int stride = body.int32();
            var format = QemuScreen.format(body.int32());
            body.end();
            if (stride < area.width() * format.bytes()) {
                throw violation("ScanoutMap", "of " + area + " has rows of " + stride + " bytes");
            }
            var layout = new SharedFramebuffer.Layout(area.width(), area.height(), offset, stride, format);
            screen.share(SharedMemory.open(descriptor, layout.end()), layout);
            done(call);
        } catch (IOException e) {
            // QEMU then sends pixels in messages.
            peer.refuse(call, NOT_SUPPORTED, String.valueOf(e.getMessage()));
        } finally {
            UnixSocket.close(descriptor);
        }
    }

    /** Width, height, hot spot, and pixels with alpha in the machine's order. */
    private void cursorDefine(MessageHeader call, DbusReader body) {
        expect(call, "iiiiay");
        int width = body.int32();
        int height = body.int32();
        int hotX = body.int32();
        int hotY = body.int32();
        ByteBuf data = body.byteArray();
        body.end();
        if (width < 0 || height < 0 || data.readableBytes() != (long) width * height * Integer.BYTES) {
            throw violation("CursorDefine", "of " + width + "x" + height + " has " + data.readableBytes() + " bytes");
        }
        if (width == 0 || height == 0) {
            shape = new PointerShape.Hidden();
        } else if (width > PointerShape.Image.MAX_SIZE || height > PointerShape.Image.MAX_SIZE) {
            shape = new PointerShape.Default();
        } else {
            int[] pixels = new int[width * height];
            for (int i = 0; i < pixels.length; i++) {
                pixels[i] = data.readIntLE();
            }
            shape = PointerShape.Image.ofGuest(width, height, hotX, hotY, pixels);
        }
        listener.pointer(shape);
        done(call);
    }

    /** Where the guest has its pointer, which viewers follow by themselves, and whether it shows it. */
    private void mouseSet(MessageHeader call, DbusReader body) {
        expect(call, "iii");
        body.int32();
        body.int32();
        boolean visible = body.bool();
        body.end();
        listener.pointer(visible ? shape : new PointerShape.Hidden());
        done(call);
    }
}
