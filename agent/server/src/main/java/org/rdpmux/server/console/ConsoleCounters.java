// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.console;

import org.rdpmux.server.ConsoleStatus;

/** What a console counts. Written by its thread alone, read by any: each value is whole, together they may be apart. */
final class ConsoleCounters {

    private volatile long frames;
    private volatile long tilesChanged;
    private volatile long tilesUnchanged;
    private volatile long tilesEncoded;
    private volatile long tilesReused;
    private volatile long videoFrames;
    private volatile long encodeNanos;
    private volatile long inputEvents;

    void tick(int changed, int touched) {
        if (changed > 0) {
            frames = frames + 1;
        }
        tilesChanged = tilesChanged + changed;
        tilesUnchanged = tilesUnchanged + touched - changed;
    }

    void encoded(int tiles, int frames, long nanos) {
        tilesEncoded = tilesEncoded + tiles;
        videoFrames = videoFrames + frames;
        encodeNanos = encodeNanos + nanos;
    }

    void reused(int tiles) {
        tilesReused = tilesReused + tiles;
    }

    void input() {
        inputEvents = inputEvents + 1;
    }

    ConsoleStatus.Counters snapshot() {
        return new ConsoleStatus.Counters(
                frames, tilesChanged, tilesUnchanged, tilesEncoded, tilesReused, videoFrames, encodeNanos, inputEvents);
    }
}
