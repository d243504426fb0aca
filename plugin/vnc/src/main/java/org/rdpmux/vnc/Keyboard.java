// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.vnc;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.rdpmux.display.LockKeys;
import org.rdpmux.display.Scancode;

/**
 * Turns keys into messages. A server that knows QEMU's extended key event gets the scan code and a keysym, any other the
 * keysym alone. Which of the two counts depends: QEMU goes by the scan code unless it was given a keymap, in which it looks
 * up the keysym's scan code; other servers look up the keysym in the layout of their own keyboard, or add it there.
 *
 * <p>The keysyms are those of the display's keymap if it is known, so that the guest gets the key that was pressed; otherwise
 * of the layout that the viewer's keyboard says it has, so that the guest gets the character that is printed on it.
 */
final class Keyboard {

    /** Keysyms from here on (media keys) are others' numbers once QEMU has cut them to 16 bits. */
    private static final int FIRST_CUT = 0x10000000;

    private static final int RIGHT_ALT = Scancode.RIGHT_ALT.qemuNumber();
    private static final int LEFT_CTRL = Scancode.LEFT_CTRL.qemuNumber();
    private static final int KEYPAD_SEPARATOR = 0x53;

    private final boolean isQemu;
    private final boolean hasKeymap;
    /** The keysym each key went down with, by scan code: it goes up with the same, whatever Shift does meanwhile. */
    private final int[] down = new int[256];

    private KeyboardLayout layout;
    private boolean scancodes;
    private boolean locksTold;
    /** Num Lock is on until somebody says otherwise: what most guests that can be reached by keysym alone expect. */
    private LockKeys locks = new LockKeys(false, true, false);

    /**
     * @param isQemu whether the server is QEMU's
     * @param keymap the layout that the server was given, if that is known
     */
    Keyboard(boolean isQemu, Optional<KeyboardLayout> keymap) {
        this.isQemu = isQemu;
        hasKeymap = keymap.isPresent();
        layout = keymap.orElse(KeyboardLayouts.us());
    }

    /** The server takes scan codes from now on. */
    void useScancodes() {
        scancodes = true;
    }

    /** The viewer's keyboard has this layout from now on, as Windows numbers them. */
    void layout(int windowsNumber) {
        if (!hasKeymap) {
            layout = KeyboardLayouts.ofWindows(windowsNumber);
        }
    }

    /** The guest's LEDs. */
    void locks(LockKeys told) {
        locks = told;
        locksTold = true;
    }

    void key(Scancode key, boolean isDown, ByteBuf out) {
        key(key.qemuNumber(), isDown, out);
    }

    private void key(int number, boolean isDown, ByteBuf out) {
        int keysym = isDown || down[number] == Keysyms.NONE ? keysym(number) : down[number];
        if (isDown && down[number] == Keysyms.NONE) {
            toggle(number);
        }
        if (isDown && keysym == Keysyms.ISO_LEVEL3_SHIFT && goesBySymbols() && down[LEFT_CTRL] != Keysyms.NONE) {
            // Windows presses Ctrl with AltGr, which its layouts need; Ctrl with @ would be something else.
            key(LEFT_CTRL, false, out);
        }
        down[number] = isDown ? keysym : Keysyms.NONE;
        if (scancodes) {
            boolean cut = isQemu && keysym >= FIRST_CUT;
            ClientMessages.extendedKeyEvent(isDown, cut ? Keysyms.NONE : keysym, number, out);
        } else if (keysym != Keysyms.NONE) {
            ClientMessages.keyEvent(isDown, keysym, out);
        }
    }

    /** Whether the server makes keys of keysyms by more than a table of scan codes: it then sees to Shift by itself. */
    private boolean goesBySymbols() {
        return !scancodes || !isQemu;
    }

    /**
     * A character goes as its keysym where the server finds the key, and what has to be held with it. Otherwise it is typed on
     * the layout; one that is not on it is dropped.
     */
    void character(int codePoint, boolean isDown, ByteBuf out) {
        int control = Keysyms.keyOfControl(codePoint);
        if (control != 0) {
            key(control, isDown, out);
        } else if (!goesBySymbols()) {
            if (isDown) {
                layout.strokes(codePoint).forEach(stroke -> type(stroke, out));
            }
        } else if (Keysyms.ofCharacter(codePoint) != Keysyms.NONE) {
            ClientMessages.keyEvent(isDown, Keysyms.ofCharacter(codePoint), out);
        }
    }

    private void type(KeyboardLayout.Stroke stroke, ByteBuf out) {
        boolean shift = (stroke.level() & KeyboardLayout.SHIFT) != 0;
        boolean altGr = (stroke.level() & KeyboardLayout.ALT_GR) != 0;
        boolean inverted = locks.caps() && layout.isLetter(stroke.number(), stroke.level());
        List<Scancode> shifts = hold(shift != inverted, out, Scancode.LEFT_SHIFT, Scancode.RIGHT_SHIFT);
        List<Scancode> altGrs = layout.hasAltGr() ? hold(altGr, out, Scancode.RIGHT_ALT) : List.of();
        key(stroke.number(), true, out);
        key(stroke.number(), false, out);
        altGrs.forEach(key -> key(key, !altGr, out));
        shifts.forEach(key -> key(key, shift == inverted, out));
    }

    /** Sees to it that one of the keys is down, or none. Returns those that have to be changed back. */
    private List<Scancode> hold(boolean wanted, ByteBuf out, Scancode... keys) {
        List<Scancode> held = Arrays.stream(keys).filter(this::isDown).toList();
        if (wanted != held.isEmpty()) {
            return List.of();
        }
        List<Scancode> changed = wanted ? List.of(keys[0]) : held;
        changed.forEach(key -> key(key, wanted, out));
        return changed;
    }

    private int keysym(int number) {
        if (number == Scancode.PAUSE.qemuNumber() && isCtrlDown()) {
            return Keysyms.BREAK;
        }
        boolean shift = isShiftDown();
        int digit = Keysyms.ofKeypadDigit(number);
        if (digit != Keysyms.NONE || number == KEYPAD_SEPARATOR) {
            int withNumLock = number == KEYPAD_SEPARATOR ? layout.keypadSeparator() : digit;
            return locks.num() != shift ? withNumLock : Keysyms.of(number);
        }
        if (!layout.has(number)) {
            return Keysyms.of(number);
        }
        int altGr = layout.hasAltGr() && down[RIGHT_ALT] != Keysyms.NONE ? KeyboardLayout.ALT_GR : 0;
        boolean inverted = locks.caps() && layout.isLetter(number, altGr);
        int keysym = layout.keysym(number, altGr | (shift != inverted ? KeyboardLayout.SHIFT : 0));
        return locks.caps() && !inverted && goesBySymbols() ? upperCase(keysym) : keysym;
    }

    /** What X servers make of a letter that shares its key with something else than its capital, such as é and 2. */
    private static int upperCase(int keysym) {
        int character = Keysyms.toCharacter(keysym);
        int upper = character < 0 ? character : Character.toUpperCase(character);
        return upper == character ? keysym : Keysyms.ofCharacter(upper);
    }

    private boolean isShiftDown() {
        return isDown(Scancode.LEFT_SHIFT) || isDown(Scancode.RIGHT_SHIFT);
    }

    private boolean isCtrlDown() {
        return isDown(Scancode.LEFT_CTRL) || isDown(Scancode.RIGHT_CTRL);
    }

    private boolean isDown(Scancode key) {
        return down[key.qemuNumber()] != Keysyms.NONE;
    }

    /** Follows the locks where the server does not tell. */
    private void toggle(int number) {
        if (locksTold) {
            return;
        }
        if (number == Scancode.CAPS_LOCK.qemuNumber()) {
            locks = new LockKeys(locks.scroll(), locks.num(), !locks.caps());
        } else if (number == Scancode.NUM_LOCK.qemuNumber()) {
            locks = new LockKeys(locks.scroll(), !locks.num(), locks.caps());
        }
    }
}
