// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.screen;

/**
 * How many frames a second the viewers of a screen take: as many as the fastest of them keeps up with. Falls when frames
 * come late for all of them, and rises again while they do not. Passive; used by one thread.
 */
public final class Pace {

    /** So many frames are looked at before the pace changes. */
    static final int FRAMES = 16;

    private final int most;
    private int framesPerSecond;
    private int frames;
    private int late;

    /** @param most frames a second, 1 or more */
    public Pace(int most) {
        this.most = most;
        this.framesPerSecond = most;
    }

    /** Notes a frame: whether some viewer had got all of the one before when this one was due. */
    public void frame(boolean onTime) {
        frames++;
        late += onTime ? 0 : 1;
        if (frames < FRAMES) {
            return;
        }
        if (late > FRAMES / 2) {
            framesPerSecond = Math.max(1, framesPerSecond * 3 / 4);
        } else if (late <= FRAMES / 8) {
            framesPerSecond = Math.min(most, framesPerSecond + Math.max(1, framesPerSecond / 4));
        }
        frames = 0;
        late = 0;
    }

    /** From 1 to the most there can be. */
    public int framesPerSecond() {
        return framesPerSecond;
    }
}
