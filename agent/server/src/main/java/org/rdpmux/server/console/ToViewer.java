// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.console;

import java.util.ArrayList;
import java.util.List;
import org.rdpmux.display.ClipboardEvent;
import org.rdpmux.display.LockKeys;
import org.rdpmux.display.SoundBlock;
import org.rdpmux.server.DisconnectReason;

/** What a console tells a client's connection. */
public sealed interface ToViewer extends Mailbox.Message<ToViewer> {

    /** By default the newest message counts. */
    @Override
    default ToViewer after(ToViewer earlier) {
        return this;
    }

    /**
     * The desktop is to have this size: at first the one to announce to the client, later the one to change to. {@link
     * ToConsole.Activated} follows when the client has it.
     */
    record DesktopSize(int width, int height) implements ToViewer {}

    /** Something to show. The receiver releases it; {@link ToConsole.Drained} follows once the socket has taken it. */
    record Frame(FrameBatch batch) implements ToViewer {
        @Override
        public ToViewer after(ToViewer earlier) {
            throw new IllegalStateException("a frame before the last one was taken");
        }
    }

    /** The guest moved its pointer there itself. */
    record PointerWarped(int x, int y) implements ToViewer {}

    /** The guest's lock-key LEDs, when the client begins to see the screen and whenever they change. */
    record Locks(LockKeys leds) implements ToViewer {}

    /** What the guest's clipboard says to the client's; of each kind of event the newest counts. */
    record Clipboard(ClipboardEvent event) implements ToViewer {
        @Override
        public Object kind() {
            return event.getClass();
        }
    }

    /**
     * What the guest plays, for a viewer that {@linkplain ToConsole.Listens listens}. Of what waits for long the oldest is left
     * out.
     *
     * @param blocks {@link DisplayInbox#MAX_SOUND} at most
     */
    record Sound(List<SoundBlock> blocks) implements ToViewer {
        @Override
        public ToViewer after(ToViewer earlier) {
            List<SoundBlock> all = new ArrayList<>(((Sound) earlier).blocks);
            all.addAll(blocks);
            return new Sound(List.copyOf(all.subList(Math.max(0, all.size() - DisplayInbox.MAX_SOUND), all.size())));
        }
    }

    /** The console has taken the input that made {@link ViewerInbox#post} ask for a pause. */
    record ResumeInput() implements ToViewer {}

    /** The client is to be sent away; {@link ToConsole.Left} follows. The first reason counts. */
    record Disconnect(DisconnectReason reason) implements ToViewer {
        @Override
        public ToViewer after(ToViewer earlier) {
            return earlier;
        }
    }
}
