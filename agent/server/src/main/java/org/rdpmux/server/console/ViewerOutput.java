// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.console;

import org.rdpmux.server.ViewerStatus.Codec;

/**
 * What one viewer was sent, and how long its frames took from the first change that they show, as the console hears of it,
 * until the client's socket has taken them. What a minimised window does not ask for is not waited for. Written by the
 * console's thread alone; how much was sent may be read by any.
 */
final class ViewerOutput {

    private static final long NONE = -1;

    private final OutputCounters ofConsole;
    private volatile long bytes;
    private volatile long frames;
    /** Of changes that no frame shows yet. */
    private long changedSince = NONE;
    /** Of the frame that the socket has not taken yet. */
    private long sentSince = NONE;

    ViewerOutput(OutputCounters ofConsole) {
        this.ofConsole = ofConsole;
    }

    /** Taken by the socket. */
    long bytes() {
        return bytes;
    }

    /** Handed to the socket. */
    long frames() {
        return frames;
    }

    /** @param at when the first of some changes was reported */
    void changed(long at) {
        if (changedSince == NONE) {
            changedSince = at;
        }
    }

    /** What has changed so far is not waited for. */
    void forget() {
        changedSince = NONE;
    }

    /** A frame begins to show what had changed. */
    void sent() {
        ofConsole.frame();
        frames = frames + 1;
        sentSince = changedSince;
        changedSince = NONE;
    }

    /** Part of the frame. */
    void pixels(Codec codec, int count) {
        ofConsole.pixels(codec, count);
    }

    /** The socket has taken the frame. */
    void drained(int count, long now) {
        ofConsole.drained(count);
        bytes = bytes + count;
        if (sentSince != NONE) {
            ofConsole.delayed(now - sentSince);
            sentSince = NONE;
        }
    }
}
