// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.console;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class ViewerOutputTest {

    private static final long MS = 1_000_000;

    private final OutputCounters console = new OutputCounters();
    private final ViewerOutput viewer = new ViewerOutput(console);

    @Test
    void aFrameIsAsLateAsTheFirstChangeThatItShows() {
        viewer.changed(100 * MS);
        viewer.changed(115 * MS);
        viewer.sent();
        viewer.changed(118 * MS); // is for the next frame
        viewer.drained(10, 120 * MS);
        viewer.sent();
        viewer.drained(10, 2118 * MS);
        assertEquals(List.of(0L, 0L, 1L, 0L, 0L, 0L, 0L, 1L), console.snapshot().delays());
        assertEquals((20 + 2000) * MS, console.snapshot().delayNanos());
        assertEquals(20, console.snapshot().bytes());
        assertEquals(2, viewer.frames());
    }

    @Test
    void whatShowsNoChangeOrWasNotWaitedForIsNotLate() {
        viewer.sent(); // a pointer
        viewer.drained(10, 5 * MS);
        viewer.changed(6 * MS);
        viewer.forget(); // the window is minimised
        viewer.sent();
        viewer.drained(10, 3_600_000 * MS);
        assertEquals(0, console.snapshot().delayNanos());
        assertEquals(2, console.snapshot().frames());
    }
}
