// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.client;

import java.util.function.Consumer;
import org.rdpmux.display.InputEvent;
import org.rdpmux.display.LockKeys;
import org.rdpmux.display.PointerButton;
import org.rdpmux.display.Scancode;
import org.rdpmux.pdu.input.ClientInput;
import org.rdpmux.pdu.input.LockFlags;
import org.rdpmux.server.console.ViewerInput;

/**
 * Turns a client's input events into the guest's: {@code docs/clients.md} lists what clients send for the keys of which they
 * have different notions. Keeps what spans several events: Pause, which comes as E1 1D followed by
 * 45, and characters beyond the first plane, which come as two. Used by one thread.
 */
public final class InputDecoder {

    private static final int CTRL = 0x1d;
    private static final int NUM_LOCK = 0x45;
    private static final Scancode PRINT = Scancode.extended(0x37);
    /** Print with Alt down; from browsers and phones always. */
    private static final Scancode SYS_REQ = Scancode.of(0x54);
    /** Num Lock as Windows' keyboard hooks and browsers tell it from Pause. */
    private static final Scancode EXTENDED_NUM_LOCK = Scancode.extended(0x45);
    /** Right Shift as Windows' keyboard hooks report it. */
    private static final Scancode EXTENDED_RIGHT_SHIFT = Scancode.extended(0x36);

    private static final int PREFIX_E1 = 0xe1;
    /** Set in the scan codes of released keys, where a client spells them. */
    private static final int RELEASED = 0x80;

    private final Consumer<ViewerInput> out;
    private boolean pausePrefix;
    /** Some versions of rdesktop send Pause as six keys: E1 1D 45 E1 9D C5. */
    private boolean spelled;

    private char highSurrogate;

    public InputDecoder(Consumer<ViewerInput> out) {
        this.out = out;
    }

    public void decode(ClientInput input) {
        if (input instanceof ClientInput.Key key) {
            key(key);
        } else if (input instanceof ClientInput.UnicodeKey key) {
            if (key.down()) {
                unicode((char) key.codeUnit());
            }
        } else if (input instanceof ClientInput.Mouse mouse) {
            mouse(mouse);
        } else if (input instanceof ClientInput.ExtendedMouse mouse) {
            emit(new InputEvent.PointerMove(mouse.x(), mouse.y()));
            boolean down = mouse.has(ClientInput.ExtendedMouse.DOWN);
            button(mouse.has(ClientInput.ExtendedMouse.BUTTON1), PointerButton.SIDE, down);
            button(mouse.has(ClientInput.ExtendedMouse.BUTTON2), PointerButton.EXTRA, down);
        } else if (input instanceof ClientInput.RelativeMouse mouse) {
            relative(mouse);
        } else if (input instanceof ClientInput.Synchronize sync) {
            pausePrefix = false;
            spelled = false;
            highSurrogate = 0;
            LockFlags locks = sync.locks();
            out.accept(new ViewerInput.Sync(new LockKeys(locks.scroll(), locks.num(), locks.caps())));
        }
    }

    private void key(ClientInput.Key key) {
        if (key.scanCode() == PREFIX_E1) {
            spelled = true;
            return;
        }
        // rdesktop spells Break, too: E0 46 and E0 C6, both pressed.
        boolean keyboardCodes = spelled || key.extended();
        int code = keyboardCodes ? key.scanCode() & ~RELEASED : key.scanCode();
        boolean down = (spelled || key.down()) && !(keyboardCodes && key.scanCode() >= RELEASED);
        if ((key.extended1() || spelled) && code == CTRL) {
            pausePrefix = true;
            return;
        }
        boolean pause = pausePrefix && code == NUM_LOCK;
        pausePrefix = false;
        spelled = false;
        if (pause) {
            press(Scancode.PAUSE, down);
        } else if (code >= 1 && code < RELEASED) {
            press(keyOf(key.extended() ? Scancode.extended(code) : Scancode.of(code)), down);
        }
    }

    /** The key on the keyboard: some have several codes, of which displays know one. */
    private static Scancode keyOf(Scancode code) {
        if (code.equals(SYS_REQ)) {
            return PRINT;
        }
        if (code.equals(EXTENDED_NUM_LOCK)) {
            return Scancode.NUM_LOCK;
        }
        return code.equals(EXTENDED_RIGHT_SHIFT) ? Scancode.RIGHT_SHIFT : code;
    }

    /**
     * Pause goes up by itself, as it does on a keyboard: FreeRDP presses Break if Ctrl is down, and releases it only if Ctrl
     * still is.
     */
    private void press(Scancode key, boolean down) {
        if (!key.equals(Scancode.PAUSE)) {
            emit(new InputEvent.Key(key, down));
        } else if (down) {
            emit(new InputEvent.Key(key, true));
            emit(new InputEvent.Key(key, false));
        }
    }

    /** A character is typed when it goes down: clients may leave the release out, and the guest's key would stay down. */
    private void unicode(char unit) {
        char high = highSurrogate;
        highSurrogate = 0;
        if (Character.isHighSurrogate(unit)) {
            highSurrogate = unit;
        } else if (!Character.isLowSurrogate(unit)) {
            type(unit);
        } else if (high != 0) {
            type(Character.toCodePoint(high, unit));
        }
    }

    private void type(int codePoint) {
        emit(new InputEvent.Unicode(codePoint, true));
        emit(new InputEvent.Unicode(codePoint, false));
    }

    private void mouse(ClientInput.Mouse mouse) {
        if (mouse.has(ClientInput.Mouse.WHEEL)) {
            emit(new InputEvent.Wheel(mouse.rotation(), 0));
        } else if (mouse.has(ClientInput.Mouse.HWHEEL)) {
            emit(new InputEvent.Wheel(0, mouse.rotation()));
        } else {
            emit(new InputEvent.PointerMove(mouse.x(), mouse.y()));
            boolean down = mouse.has(ClientInput.Mouse.DOWN);
            button(mouse.has(ClientInput.Mouse.BUTTON1), PointerButton.LEFT, down);
            button(mouse.has(ClientInput.Mouse.BUTTON2), PointerButton.RIGHT, down);
            button(mouse.has(ClientInput.Mouse.BUTTON3), PointerButton.MIDDLE, down);
        }
    }

    private void relative(ClientInput.RelativeMouse mouse) {
        if (mouse.dx() != 0 || mouse.dy() != 0) {
            emit(new InputEvent.PointerMoveBy(mouse.dx(), mouse.dy()));
        }
        boolean down = mouse.has(ClientInput.Mouse.DOWN);
        button(mouse.has(ClientInput.Mouse.BUTTON1), PointerButton.LEFT, down);
        button(mouse.has(ClientInput.Mouse.BUTTON2), PointerButton.RIGHT, down);
        button(mouse.has(ClientInput.Mouse.BUTTON3), PointerButton.MIDDLE, down);
        button(mouse.has(ClientInput.RelativeMouse.XBUTTON1), PointerButton.SIDE, down);
        button(mouse.has(ClientInput.RelativeMouse.XBUTTON2), PointerButton.EXTRA, down);
    }

    private void button(boolean meant, PointerButton button, boolean down) {
        if (meant) {
            emit(new InputEvent.Button(button, down));
        }
    }

    private void emit(InputEvent event) {
        out.accept(new ViewerInput.Event(event));
    }
}
