// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.console;

import java.util.List;
import org.rdpmux.display.Rect;
import org.rdpmux.display.Region;

/**
 * What a client said about its output and the console has not looked at yet. A client may say it as often as it likes: the
 * newest acknowledgement and the newest wish count, areas join each other, and the console's thread is told once until it
 * looks.
 */
final class ClientMailbox {

    /** See {@link org.rdpmux.server.console.SendWindow#acknowledged}. */
    record Acknowledgement(int frame, int queueDepth) {}

    /**
     * What the client said.
     *
     * @param acknowledgement null if it sent none
     * @param outputWanted null if it did not say
     * @param refresh areas that it wants again, or null
     */
    record News(Acknowledgement acknowledgement, Boolean outputWanted, Region refresh) {}

    private final Runnable tell;
    private boolean told;
    private Acknowledgement acknowledgement;
    private Boolean outputWanted;
    private Region refresh;

    /** @param tell called on the client's thread: somebody is to {@link #take} */
    ClientMailbox(Runnable tell) {
        this.tell = tell;
    }

    void acknowledged(int frame, int queueDepth) {
        synchronized (this) {
            acknowledgement = new Acknowledgement(frame, queueDepth);
        }
        tellOnce();
    }

    void allowOutput(boolean allowed) {
        synchronized (this) {
            outputWanted = allowed;
        }
        tellOnce();
    }

    void refresh(List<Rect> areas) {
        synchronized (this) {
            refresh = refresh == null ? new Region() : refresh;
            areas.forEach(refresh::add);
        }
        tellOnce();
    }

    /** All of it. */
    synchronized News take() {
        told = false;
        News news = new News(acknowledgement, outputWanted, refresh);
        acknowledgement = null;
        outputWanted = null;
        refresh = null;
        return news;
    }

    private void tellOnce() {
        synchronized (this) {
            if (told) {
                return;
            }
            told = true;
        }
        tell.run();
    }
}
