// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server;

import java.util.Objects;

/**
 * A console at one moment.
 *
 * @param name as given to {@link Console#rename}
 * @param displayKind the display's kind for people, such as {@code VNC}; empty before one was opened
 * @param width of the guest's screen in pixels, the last one known; 0 if none ever was
 * @param height likewise
 * @param state of the guest's display
 * @param reason why the state is {@link DisplayState#FAILED}, a sentence; also while another attempt is {@link
 *     DisplayState#CONNECTING}; otherwise empty
 * @param viewers clients that see the console
 * @param counters since the console was opened
 */
public record ConsoleStatus(
        String name,
        String displayKind,
        int width,
        int height,
        DisplayState state,
        String reason,
        int viewers,
        Counters counters) {

    public ConsoleStatus {
        Objects.requireNonNull(name);
        Objects.requireNonNull(displayKind);
        Objects.requireNonNull(state);
        Objects.requireNonNull(reason);
        Objects.requireNonNull(counters);
    }

    /** State of the guest's display. */
    public enum DisplayState {
        /** Not connected, since nobody looks on. */
        IDLE,
        /** Being connected. */
        CONNECTING,
        /** Connected; pixels arrive. */
        RUNNING,
        /** Could not be connected or ended by itself; it is tried again while somebody waits for it. */
        FAILED
    }

    /**
     * What a console's screen cost, counted since it was opened.
     *
     * @param frames ticks of the frame clock at which something had changed
     * @param tilesChanged damaged tiles whose pixels had changed
     * @param tilesUnchanged damaged tiles whose pixels had not, and which cost nothing further
     * @param tilesEncoded encodings made
     * @param tilesReused tiles sent to a viewer without an encoding of its own
     * @param videoFrames frames of videos encoded
     * @param encodeNanos processor time in encoders, summed over threads
     * @param inputEvents events sent to the guest
     */
    public record Counters(
            long frames,
            long tilesChanged,
            long tilesUnchanged,
            long tilesEncoded,
            long tilesReused,
            long videoFrames,
            long encodeNanos,
            long inputEvents) {
        public static final Counters ZERO = new Counters(0, 0, 0, 0, 0, 0, 0, 0);
    }
}
