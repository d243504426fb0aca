// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.vnc;

import io.netty.buffer.ByteBuf;
import org.rdpmux.display.PointerButton;
import org.rdpmux.display.Rect;
import org.rdpmux.display.WheelAxis;

/**
 * Turns the mouse into PointerEvents, which hold the position and all buttons. A guest with a tablet takes positions; one
 * with a plain mouse takes motion, which the PointerTypeChange extension wants around {@value #CENTRE}.
 *
 * <p>Its many fields are one mouse: position, buttons, motion and wheel that wait.
 */
final class Pointer {

    /** What no motion looks like to a guest that takes motion. */
    static final int CENTRE = 0x7fff;

    private static final int WHEEL_UP = 1 << 3;
    private static final int WHEEL_DOWN = 1 << 4;
    private static final int WHEEL_LEFT = 1 << 5;
    private static final int WHEEL_RIGHT = 1 << 6;

    private boolean absolute = true;
    private boolean manyButtons;
    private Rect screen;
    private int mask;
    /** Where the pointer stands; in motion mode, where it stood last. */
    private int x;

    private int y;
    private boolean placed;
    /** Motion not sent yet. */
    private int pendingX;

    private int pendingY;
    private final WheelAxis vertical = new WheelAxis();
    private final WheelAxis horizontal = new WheelAxis();

    Pointer(Rect screen) {
        this.screen = screen;
    }

    void screen(Rect bounds) {
        screen = bounds;
    }

    /** PointerTypeChange: whether the guest takes positions, or motion. */
    void absolute(boolean takesPositions) {
        absolute = takesPositions;
        pendingX = 0;
        pendingY = 0;
    }

    /** The server takes the buttons beyond the seventh. */
    void manyButtons() {
        manyButtons = true;
    }

    /** Notes a position without sending it: the next event carries it. */
    void note(int toX, int toY) {
        if (!absolute && placed) {
            pendingX = limit((long) pendingX + toX - x);
            pendingY = limit((long) pendingY + toY - y);
        }
        x = Math.max(0, Math.min(toX, screen.width() - 1));
        y = Math.max(0, Math.min(toY, screen.height() - 1));
        placed = true;
    }

    /** Notes a motion without sending it. */
    void noteBy(int dx, int dy) {
        if (absolute) {
            note(limit((long) x + dx), limit((long) y + dy));
        } else {
            pendingX = limit((long) pendingX + dx);
            pendingY = limit((long) pendingY + dy);
        }
    }

    private static int limit(long motion) {
        return (int) Math.max(-CENTRE, Math.min(motion, CENTRE));
    }

    /** Sends what was noted. */
    void flush(ByteBuf out) {
        if (absolute || pendingX != 0 || pendingY != 0) {
            event(mask, out);
        }
    }

    void button(PointerButton button, boolean down, ByteBuf out) {
        int bit = switch (button) {
            case LEFT -> 1;
            case MIDDLE -> 1 << 1;
            case RIGHT -> 1 << 2;
            case SIDE -> 1 << 7;
            case EXTRA -> 1 << 8;
        };
        if (bit > WHEEL_RIGHT && !manyButtons) {
            // Plain RFB has no place for it, and QEMU (7.2 to 10) none either.
            return;
        }
        mask = down ? mask | bit : mask & ~bit;
        event(mask, out);
    }

    /** In 120ths of a notch: see {@link org.rdpmux.display.InputEvent.Wheel}. */
    void wheel(int upwards, int rightwards, ByteBuf out) {
        notches(vertical.turn(upwards), WHEEL_UP, WHEEL_DOWN, out);
        notches(horizontal.turn(rightwards), WHEEL_RIGHT, WHEEL_LEFT, out);
    }

    private void notches(int count, int positive, int negative, ByteBuf out) {
        int bit = count > 0 ? positive : negative;
        for (int i = 0; i < Math.abs(count); i++) {
            event(mask | bit, out);
            event(mask, out);
        }
    }

    private void event(int buttons, ByteBuf out) {
        int sentX = absolute ? x : CENTRE + pendingX;
        int sentY = absolute ? y : CENTRE + pendingY;
        pendingX = 0;
        pendingY = 0;
        if (buttons > 0x7f) {
            ClientMessages.extendedPointerEvent(buttons, sentX, sentY, out);
        } else {
            ClientMessages.pointerEvent(buttons, sentX, sentY, out);
        }
    }
}
