// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.vnc;

import static org.rdpmux.vnc.RfbException.violation;

import io.netty.buffer.ByteBuf;
import org.rdpmux.display.ClipboardEvent;
import org.rdpmux.display.GuestDisplay;
import org.rdpmux.display.InputEvent;
import org.rdpmux.display.LockKeys;
import org.rdpmux.display.Rect;

/**
 * The normal phase of RFB: server to client messages (RFC 6143 section 7.6), and input.
 *
 * <p>While active, each update that begins to arrive is answered by the request for the next, so that the server always
 * holds one and a changed pixel never waits for us; a still screen brings no update and so costs nothing. Servers send
 * pseudo-rectangles unasked: the further request this causes changes nothing at the server, for which a request is a flag.
 *
 * <p>Its many fields are the parts that messages go to, and how far the present message has been read.
 */
final class RfbSession implements AutoCloseable {

    /** Longer ones than this are an attempt to keep us busy. */
    static final int MAX_CUT_TEXT = 16 << 20;

    private static final int FRAMEBUFFER_UPDATE = 0;
    private static final int SET_COLOUR_MAP_ENTRIES = 1;
    private static final int BELL = 2;
    private static final int SERVER_CUT_TEXT = 3;
    private static final int QEMU = 255;

    private static final int RECTANGLE_HEADER_SIZE = 12;
    /** The number of rectangles that stands for "until LastRect". */
    private static final int UNTIL_LAST_RECT = 0xffff;

    /** What comes next in the stream. */
    private enum State {
        MESSAGE,
        RECTANGLE,
        RECTANGLE_BODY,
        MESSAGE_BODY
    }

    private final GuestDisplay.Listener listener;
    private final Surface surface;
    private final Keyboard keyboard;
    private final Pointer pointer;
    private final CutText cutText;
    private final ServerSound sound;
    private final WorkSlice slice = new WorkSlice();
    private final ZrleDecoder zrle = new ZrleDecoder(slice);
    private final boolean isQemu;

    private boolean active;
    /** When the bytes being read arrived. */
    private long now;
    /** What is sent in the course of a call of {@link #receive}, which may be a later one than that a message began in. */
    private ByteBuf replies;

    private State state = State.MESSAGE;
    private int rectangles;
    private RectangleReader body;

    private boolean takesSizes;
    private int wantedWidth;
    private int wantedHeight;
    private int screenId;
    private int screenFlags;

    /** Greets the server: pixel format, encodings, and the request for all there is to see if somebody looks on. */
    RfbSession(
            RfbHandshake.ServerInit init,
            GuestDisplay.Listener listener,
            RfbClient.Setup setup,
            boolean active,
            ByteBuf out,
            long now) {
        this.listener = listener;
        this.active = active;
        surface = new Surface(listener, setup.pixels(), init.width(), init.height(), active, now);
        pointer = new Pointer(surface.bounds());
        isQemu = init.name().equals("QEMU") || init.name().startsWith("QEMU (");
        keyboard = new Keyboard(isQemu, setup.keymap().flatMap(KeyboardLayouts::ofKeymap));
        cutText = new CutText(setup.maxClipboard(), isQemu, () -> replies, listener::clipboard);
        sound = new ServerSound(listener::sound);
        ClientMessages.setPixelFormat(out);
        ClientMessages.setEncodings(Encodings.wanted(setup.local(), setup.maxClipboard() > 0), out);
        if (active) {
            requestUpdate(false, out);
        }
    }

    /** Reads what it can, and leaves what it needs more bytes for, or another slice. */
    void receive(ByteBuf in, ByteBuf out, long nanos) {
        now = nanos;
        replies = out;
        slice.begin();
        boolean progress = true;
        while (progress && !slice.isOver()) {
            progress = switch (state) {
                case MESSAGE -> message(in, out);
                case RECTANGLE -> rectangle(in, out);
                case RECTANGLE_BODY -> rectangleBody(in);
                case MESSAGE_BODY -> messageBody(in);
            };
        }
        surface.reportIfLate(now);
    }

    /** Whether it stopped for the sake of others, and wants to be called again with what it left. */
    boolean isPaused() {
        return slice.isOver();
    }

    boolean isQemu() {
        return isQemu;
    }

    boolean isInsideMessage() {
        return state != State.MESSAGE;
    }

    void setActive(boolean nowActive, ByteBuf out) {
        if (nowActive && !active) {
            requestUpdate(false, out);
        }
        active = nowActive;
        surface.setActive(nowActive);
    }

    void requestSize(int width, int height, ByteBuf out) {
        wantedWidth = width;
        wantedHeight = height;
        if (takesSizes && !surface.bounds().equals(new Rect(0, 0, width, height))) {
            ClientMessages.setDesktopSize(width, height, screenId, screenFlags, out);
        }
    }

    void listen(boolean somebody, ByteBuf out) {
        sound.listen(somebody, out);
    }

    void clipboard(ClipboardEvent event, ByteBuf out) {
        cutText.send(event, out);
    }

    void send(InputEvent event, boolean congested, ByteBuf out) {
        if (event instanceof InputEvent.Key key) {
            keyboard.key(key.scancode(), key.down(), out);
        } else if (event instanceof InputEvent.Unicode character) {
            keyboard.character(character.codePoint(), character.down(), out);
        } else if (event instanceof InputEvent.Layout layout) {
            keyboard.layout(layout.windowsNumber());
        } else if (event instanceof InputEvent.PointerMove move) {
            pointer.note(move.x(), move.y());
            if (!congested) {
                pointer.flush(out);
            }
        } else if (event instanceof InputEvent.PointerMoveBy move) {
            pointer.noteBy(move.dx(), move.dy());
            if (!congested) {
                pointer.flush(out);
            }
        } else if (event instanceof InputEvent.Button button) {
            pointer.button(button.button(), button.down(), out);
        } else if (event instanceof InputEvent.Wheel wheel) {
            pointer.wheel(wheel.vertical(), wheel.horizontal(), out);
        }
    }

    @Override
    public void close() {
        zrle.close();
        surface.close();
    }

    private void requestUpdate(boolean incremental, ByteBuf out) {
        ClientMessages.framebufferUpdateRequest(incremental, surface.bounds(), out);
    }

    private boolean message(ByteBuf in, ByteBuf out) {
        if (!in.isReadable()) {
            return false;
        }
        int type = in.getUnsignedByte(in.readerIndex());
        return switch (type) {
            case FRAMEBUFFER_UPDATE -> framebufferUpdate(in, out);
            case SET_COLOUR_MAP_ENTRIES -> setColourMapEntries(in);
            case BELL -> {
                in.skipBytes(1);
                yield true;
            }
            case SERVER_CUT_TEXT -> serverCutText(in);
            case QEMU -> messageBody(sound.reader());
            default -> throw violation("message", "type", type + " is unknown");
        };
    }

    /** 7.6.1 FramebufferUpdate. */
    private boolean framebufferUpdate(ByteBuf in, ByteBuf out) {
        if (in.readableBytes() < 4) {
            return false;
        }
        in.skipBytes(2);
        rectangles = in.readUnsignedShort();
        if (active) {
            requestUpdate(true, out);
        }
        state = rectangles == 0 ? State.MESSAGE : State.RECTANGLE;
        return true;
    }

    /** 7.6.2 SetColorMapEntries: has no meaning for true colour. */
    private boolean setColourMapEntries(ByteBuf in) {
        if (in.readableBytes() < 6) {
            return false;
        }
        in.skipBytes(4);
        return messageBody(RectangleReader.skip(in.readUnsignedShort() * 6));
    }

    /** 7.6.4 ServerCutText. A negative length announces the extended clipboard's form, as long as its absolute value. */
    private boolean serverCutText(ByteBuf in) {
        if (in.readableBytes() < 8) {
            return false;
        }
        in.skipBytes(4);
        int length = in.readInt();
        if (length < -MAX_CUT_TEXT || length > MAX_CUT_TEXT) {
            throw violation("ServerCutText", "length", length + " is beyond " + MAX_CUT_TEXT);
        }
        return messageBody(cutText.reader(length));
    }

    /** The rest of a message that is no update. */
    private boolean messageBody(RectangleReader reader) {
        body = reader;
        state = State.MESSAGE_BODY;
        return true;
    }

    private boolean messageBody(ByteBuf in) {
        if (!body.read(in)) {
            return false;
        }
        state = State.MESSAGE;
        return true;
    }

    private boolean rectangle(ByteBuf in, ByteBuf out) {
        if (in.readableBytes() < RECTANGLE_HEADER_SIZE) {
            return false;
        }
        Rect header = new Rect(
                in.readUnsignedShort(), in.readUnsignedShort(), in.readUnsignedShort(), in.readUnsignedShort());
        int encoding = in.readInt();
        body = reader(header, encoding, out);
        state = State.RECTANGLE_BODY;
        if (encoding == Encodings.LAST_RECT) {
            rectangles = 1;
        }
        return true;
    }

    private boolean rectangleBody(ByteBuf in) {
        if (!body.read(in)) {
            return false;
        }
        body = null;
        if (rectangles != UNTIL_LAST_RECT) {
            rectangles--;
        }
        state = State.RECTANGLE;
        if (rectangles == 0) {
            state = State.MESSAGE;
            surface.report();
        }
        return true;
    }

    private RectangleReader reader(Rect header, int encoding, ByteBuf out) {
        return switch (encoding) {
            case Encodings.RAW -> new RawReader(surface, inside(header));
            case Encodings.COPY_RECT -> new CopyRectReader(surface, inside(header), slice);
            case Encodings.ZRLE -> zrle.reader(surface, inside(header));
            case Encodings.LAST_RECT -> in -> true;
            case Encodings.DESKTOP_SIZE -> {
                resize("DesktopSize", header, out);
                yield in -> true;
            }
            case Encodings.EXTENDED_DESKTOP_SIZE -> in -> extendedDesktopSize(header, in, replies);
            case Encodings.RICH_CURSOR -> CursorReaders.rich(header, listener::pointer);
            case Encodings.ALPHA_CURSOR -> CursorReaders.alpha(header, isQemu, listener::pointer);
            case Encodings.POINTER_TYPE_CHANGE -> {
                pointer.absolute(header.x() != 0);
                yield in -> true;
            }
            case Encodings.QEMU_EXTENDED_KEY_EVENT -> {
                keyboard.useScancodes();
                yield in -> true;
            }
            case Encodings.EXTENDED_MOUSE_BUTTONS -> {
                pointer.manyButtons();
                yield in -> true;
            }
            case Encodings.QEMU_AUDIO -> {
                sound.confirmed(out);
                yield in -> true;
            }
            case Encodings.QEMU_LED_STATE -> this::ledState;
            default -> throw violation("rectangle", "encoding", encoding + " was not asked for");
        };
    }

    private Rect inside(Rect header) {
        if (!surface.bounds().contains(header)) {
            throw violation("rectangle", "area", header + " is not inside " + surface.bounds());
        }
        return header;
    }

    private void resize(String structure, Rect header, ByteBuf out) {
        if (surface.resize(structure, header.width(), header.height(), now)) {
            pointer.screen(surface.bounds());
            if (active) {
                requestUpdate(false, out);
            }
        }
    }

    /**
     * Extended Desktop Size: x is who caused it (1: this client), y is how that went (0: well), then the screens the
     * desktop consists of.
     */
    private boolean extendedDesktopSize(Rect header, ByteBuf in, ByteBuf out) {
        if (in.readableBytes() < 4) {
            return false;
        }
        int screens = in.getUnsignedByte(in.readerIndex());
        if (in.readableBytes() < 4 + screens * 16) {
            return false;
        }
        in.skipBytes(4);
        if (screens > 0) {
            screenId = in.getInt(in.readerIndex());
            screenFlags = in.getInt(in.readerIndex() + 12);
        }
        in.skipBytes(screens * 16);
        boolean refused = header.x() == 1 && header.y() != 0;
        if (!refused) {
            resize("ExtendedDesktopSize", header, out);
        }
        if (!takesSizes) {
            takesSizes = true;
            if (wantedWidth != 0) {
                requestSize(wantedWidth, wantedHeight, out);
            }
        }
        return true;
    }

    /** QEMU LED State: one byte of three bits. */
    private boolean ledState(ByteBuf in) {
        if (!in.isReadable()) {
            return false;
        }
        int bits = in.readUnsignedByte();
        LockKeys locks = new LockKeys((bits & 1) != 0, (bits & 2) != 0, (bits & 4) != 0);
        keyboard.locks(locks);
        listener.locks(locks);
        return true;
    }
}
