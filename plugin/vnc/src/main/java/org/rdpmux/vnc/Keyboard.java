// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.vnc;

import io.netty.buffer.ByteBuf;
import org.rdpmux.display.LockKeys;
import org.rdpmux.display.Scancode;

/**
 * Turns keys into messages. Servers that know QEMU's extended key event get the scan code, beside a keysym as a guest of US
 * layout would have it (QEMU's text consoles read it); the others get the keysym alone.
 */
final class Keyboard {

    /** The keysym each key went down with, by scan code: it goes up with the same, whatever Shift does meanwhile. */
    private final int[] down = new int[256];

    private boolean scancodes;
    private boolean locksTold;
    /** Num Lock is on until somebody says otherwise: what most guests that can be reached by keysym alone expect. */
    private LockKeys locks = new LockKeys(false, true, false);

    /** The server takes scan codes from now on. */
    void useScancodes() {
        scancodes = true;
    }

    /** The guest's LEDs. */
    void locks(LockKeys told) {
        locks = told;
        locksTold = true;
    }

    void key(Scancode key, boolean isDown, ByteBuf out) {
        int number = key.qemuNumber();
        int keysym = isDown || down[number] == Keysyms.NONE ? keysym(key) : down[number];
        if (isDown && down[number] == Keysyms.NONE) {
            toggle(key);
        }
        down[number] = isDown ? keysym : Keysyms.NONE;
        if (scancodes) {
            ClientMessages.extendedKeyEvent(isDown, keysym, number, out);
        } else if (keysym != Keysyms.NONE) {
            ClientMessages.keyEvent(isDown, keysym, out);
        }
    }

    /**
     * A character goes as its keysym; the server finds the key. One that maps keysyms to scan codes and nothing else (as
     * QEMU does) needs Shift to be held as the character has it.
     */
    void character(int codePoint, boolean isDown, ByteBuf out) {
        int keysym = Keysyms.ofCharacter(codePoint);
        if (keysym == Keysyms.NONE) {
            return;
        }
        boolean shift = scancodes && isDown && !isShiftDown() && Keysyms.needsShift(codePoint);
        if (shift) {
            key(Scancode.LEFT_SHIFT, true, out);
        }
        ClientMessages.keyEvent(isDown, keysym, out);
        if (shift) {
            key(Scancode.LEFT_SHIFT, false, out);
        }
    }

    private int keysym(Scancode key) {
        if (key.equals(Scancode.PAUSE) && isCtrlDown()) {
            return Keysyms.BREAK;
        }
        return Keysyms.of(key, isShiftDown(), locks.caps(), locks.num());
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
    private void toggle(Scancode key) {
        if (locksTold) {
            return;
        }
        if (key.equals(Scancode.CAPS_LOCK)) {
            locks = new LockKeys(locks.scroll(), locks.num(), !locks.caps());
        } else if (key.equals(Scancode.NUM_LOCK)) {
            locks = new LockKeys(locks.scroll(), !locks.num(), locks.caps());
        }
    }
}
