// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.librdpmux;

import java.util.List;
import java.util.Optional;
import org.rdpmux.display.InputEvent;
import org.rdpmux.display.PointerButton;
import org.rdpmux.display.Scancode;
import org.rdpmux.librdpmux.wire.HostMessage;
import org.rdpmux.librdpmux.wire.HostMessage.Keyboard;
import org.rdpmux.librdpmux.wire.HostMessage.Mouse;

/**
 * Input events as messages whose flags these guests know. They compare flags as a whole and drop all others, so that a
 * message is a motion or one button. Motion comes at a bounded rate, since guests handle it on the thread that also
 * receives acknowledges: of several positions within {@link #MOTION_INTERVAL_NANOS} the last one is sent, at the
 * interval's end or before the next button.
 *
 * <p>What such a guest cannot do is dropped here: the wheel (there is no flag for it that hypervisors accept), the fourth
 * and fifth button, and characters without a key.
 *
 * <p>Passive and confined to one thread: time comes in, messages come out.
 */
final class InputTranslator {

    /** Motion at 60 positions a second. */
    static final long MOTION_INTERVAL_NANOS = 1_000_000_000L / 60;

    private int width = 1;
    private int height = 1;
    private int x;
    private int y;
    private boolean moved;
    private boolean sentBefore;
    private long lastMotion;

    /** The screen is this large now; the pointer stays inside. */
    void resize(int newWidth, int newHeight) {
        width = newWidth;
        height = newHeight;
        x = Math.min(x, width - 1);
        y = Math.min(y, height - 1);
    }

    /** Messages to send now; what is due later comes from {@link #flush}. */
    List<HostMessage> translate(InputEvent event, long now) {
        if (event instanceof InputEvent.Key key) {
            return List.of(key(key));
        }
        if (event instanceof InputEvent.PointerMove move) {
            return moveTo(move.x(), move.y(), now);
        }
        if (event instanceof InputEvent.PointerMoveBy by) {
            return moveTo(x + (long) by.dx(), y + (long) by.dy(), now);
        }
        if (event instanceof InputEvent.Button button) {
            return button(button, now);
        }
        return List.of();
    }

    private List<HostMessage> moveTo(long newX, long newY, long now) {
        x = (int) Math.max(0, Math.min(newX, width - 1));
        y = (int) Math.max(0, Math.min(newY, height - 1));
        moved = true;
        return flush(now).map(List::of).orElse(List.of());
    }

    /** Whether a position is held back, for {@link #flush} to send. */
    boolean holdsMotion() {
        return moved;
    }

    /** How long until {@link #flush} sends a position that is held back; 0 or less if its time has come. */
    long nanosUntilDue(long now) {
        return sentBefore ? lastMotion + MOTION_INTERVAL_NANOS - now : 0;
    }

    /** The position that was held back, if there is one and its time has come. */
    Optional<HostMessage> flush(long now) {
        return moved && nanosUntilDue(now) <= 0 ? Optional.of(motion(now)) : Optional.empty();
    }

    private HostMessage motion(long now) {
        moved = false;
        sentBefore = true;
        lastMotion = now;
        return new Mouse(x, y, Mouse.MOVE);
    }

    private List<HostMessage> button(InputEvent.Button event, long now) {
        int flag;
        if (event.button() == PointerButton.LEFT) {
            flag = Mouse.LEFT;
        } else if (event.button() == PointerButton.RIGHT) {
            flag = Mouse.RIGHT;
        } else if (event.button() == PointerButton.MIDDLE) {
            flag = Mouse.MIDDLE;
        } else {
            return List.of();
        }
        Mouse button = new Mouse(x, y, event.down() ? flag | Mouse.PRESSED : flag);
        return moved ? List.of(motion(now), button) : List.of(button);
    }

    private static Keyboard key(InputEvent.Key event) {
        Scancode key = event.scancode();
        int flags = event.down() ? Keyboard.DOWN : Keyboard.UP;
        return new Keyboard(key.qemuNumber(), key.isExtended() ? flags | Keyboard.EXTENDED : flags);
    }
}
