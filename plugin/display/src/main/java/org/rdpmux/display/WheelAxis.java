// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.display;

/**
 * One axis of the wheel: what clients send, as the whole notches that guests take. A wheel with notches turns by half a notch
 * or more at a time, whatever its unit: Windows counts {@value #NOTCH} a notch, browsers 100. Each of its events counts by
 * itself. Touch pads turn by less: their events add up to notches, in one direction.
 */
public final class WheelAxis {

    private static final int NOTCH = InputEvent.Wheel.NOTCH;
    /** As many notches as anybody turns at once; the rest of a larger claim is dropped. */
    private static final int MAX_NOTCHES = 16;

    /** Parts of a notch, all in one direction. */
    private int turned;

    /** Turns by 120ths of a notch; gives the notches to send, negative in the negative direction. */
    public int turn(int by) {
        int turn = Math.max(-MAX_NOTCHES * NOTCH, Math.min(by, MAX_NOTCHES * NOTCH));
        if (Math.abs(turn) >= NOTCH / 2) {
            turned = 0;
            return (turn + Integer.signum(turn) * NOTCH / 2) / NOTCH;
        }
        if (Integer.signum(turn) == -Integer.signum(turned)) {
            turned = 0;
        }
        turned += turn;
        int notches = turned / NOTCH;
        turned %= NOTCH;
        return notches;
    }
}
