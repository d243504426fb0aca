// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.qemudbus;

import java.util.function.Consumer;
import java.util.function.IntSupplier;
import org.rdpmux.display.InputEvent;
import org.rdpmux.display.PointerButton;
import org.rdpmux.display.Rect;
import org.rdpmux.display.WheelAxis;

/**
 * Turns input into calls of {@code org.qemu.Display1.Keyboard} and {@code .Mouse}. A guest with a tablet takes positions, one
 * with a plain mouse takes motion, and QEMU refuses the other. Where many calls wait for answers, motion waits and is merged.
 *
 * <p>Its many fields are one mouse: position, motion that waits, and wheel.
 */
final class QemuInput {

    /** From here on motion waits: QEMU answers within a millisecond unless its main loop is busy. */
    static final int CONGESTED = 16;

    static final String KEYBOARD = "org.qemu.Display1.Keyboard";
    static final String MOUSE = "org.qemu.Display1.Mouse";

    // QEMU's InputButton.
    private static final int LEFT = 0;
    private static final int MIDDLE = 1;
    private static final int RIGHT = 2;
    private static final int WHEEL_UP = 3;
    private static final int WHEEL_DOWN = 4;
    private static final int SIDE = 5;
    private static final int EXTRA = 6;
    private static final int WHEEL_LEFT = 7;
    private static final int WHEEL_RIGHT = 8;

    private static final int MAX_MOTION = 0x7fff;

    private final Calls calls;
    private final IntSupplier unanswered;

    private boolean absolute = true;
    private Rect screen = Rect.EMPTY;
    private int x;
    private int y;
    private boolean placed;
    /** Whether there is a position, or motion, that was not sent yet. */
    private boolean moved;

    private int motionX;
    private int motionY;
    private final WheelAxis vertical = new WheelAxis();
    private final WheelAxis horizontal = new WheelAxis();

    /** Calls a method of the console. */
    @FunctionalInterface
    interface Calls {
        void call(String interfaceName, String member, String signature, Consumer<DbusWriter> arguments);
    }

    /** @param unanswered how many calls wait for an answer */
    QemuInput(Calls calls, IntSupplier unanswered) {
        this.calls = calls;
        this.unanswered = unanswered;
    }

    /** The screen has this size. */
    void screen(Rect bounds) {
        screen = bounds;
    }

    /** Whether the guest takes positions, or motion. */
    void absolute(boolean takesPositions) {
        if (absolute != takesPositions) {
            absolute = takesPositions;
            moved = false;
            motionX = 0;
            motionY = 0;
        }
    }

    void send(InputEvent event) {
        if (event instanceof InputEvent.Key key) {
            number(KEYBOARD, key.down(), key.scancode().qemuNumber());
        } else if (event instanceof InputEvent.PointerMove move) {
            move(move.x(), move.y());
        } else if (event instanceof InputEvent.PointerMoveBy move) {
            moveBy(move.dx(), move.dy());
        } else if (event instanceof InputEvent.Button button) {
            flush();
            number(MOUSE, button.down(), button(button.button()));
        } else if (event instanceof InputEvent.Wheel wheel) {
            flush();
            notches(vertical.turn(wheel.vertical()), WHEEL_UP, WHEEL_DOWN);
            notches(horizontal.turn(wheel.horizontal()), WHEEL_RIGHT, WHEEL_LEFT);
        }
    }

    /** A call was answered. */
    void answered() {
        flushUnlessCongested();
    }

    private void move(int toX, int toY) {
        if (!absolute && placed) {
            motionX = limit((long) motionX + toX - x);
            motionY = limit((long) motionY + toY - y);
        }
        x = Math.max(0, Math.min(toX, screen.width() - 1));
        y = Math.max(0, Math.min(toY, screen.height() - 1));
        placed = true;
        moved = true;
        flushUnlessCongested();
    }

    private void moveBy(int dx, int dy) {
        if (absolute) {
            move(limit((long) x + dx), limit((long) y + dy));
        } else {
            motionX = limit((long) motionX + dx);
            motionY = limit((long) motionY + dy);
            moved = true;
            flushUnlessCongested();
        }
    }

    private static int limit(long motion) {
        return (int) Math.max(-MAX_MOTION, Math.min(motion, MAX_MOTION));
    }

    private void flushUnlessCongested() {
        if (unanswered.getAsInt() < CONGESTED) {
            flush();
        }
    }

    private void flush() {
        if (!moved) {
            return;
        }
        moved = false;
        if (absolute) {
            pair("SetAbsPosition", "uu", x, y);
        } else if (motionX != 0 || motionY != 0) {
            pair("RelMotion", "ii", motionX, motionY);
            motionX = 0;
            motionY = 0;
        }
    }

    private void notches(int count, int positive, int negative) {
        int button = count > 0 ? positive : negative;
        for (int i = 0; i < Math.abs(count); i++) {
            number(MOUSE, true, button);
            number(MOUSE, false, button);
        }
    }

    private static int button(PointerButton button) {
        return switch (button) {
            case LEFT -> LEFT;
            case MIDDLE -> MIDDLE;
            case RIGHT -> RIGHT;
            case SIDE -> SIDE;
            case EXTRA -> EXTRA;
        };
    }

    private void number(String interfaceName, boolean press, int number) {
        calls.call(interfaceName, press ? "Press" : "Release", "u", arguments -> arguments.int32(number));
    }

    private void pair(String member, String signature, int first, int second) {
        calls.call(MOUSE, member, signature, arguments -> arguments.int32(first).int32(second));
    }
}
