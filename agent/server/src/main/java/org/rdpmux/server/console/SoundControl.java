// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.console;

import java.util.ArrayList;
import java.util.List;
import org.rdpmux.display.SoundBlock;

/**
 * Ties what the guest plays to the viewers that listen. All of them are given the same bytes, and the display is asked for
 * sound only while there are any. Lives on the console's thread.
 */
final class SoundControl {

    private final DisplayKeeper keeper;
    /** INVARIANT: none has left. */
    private final List<Viewer> listeners = new ArrayList<>();

    SoundControl(DisplayKeeper keeper) {
        this.keeper = keeper;
    }

    /** A viewer listens, or ceases to; one that has left says nothing. */
    void listens(Viewer viewer, boolean sound) {
        if (viewer.stage() != ViewerStage.GONE) {
            listeners.remove(viewer);
            if (sound) {
                listeners.add(viewer);
            }
            keeper.listen(!listeners.isEmpty());
        }
    }

    void left(Viewer viewer) {
        listeners.remove(viewer);
        keeper.listen(!listeners.isEmpty());
    }

    void guestPlays(List<SoundBlock> blocks) {
        if (!blocks.isEmpty()) {
            listeners.forEach(viewer -> viewer.outbox().post(new ToViewer.Sound(blocks)));
        }
    }
}
