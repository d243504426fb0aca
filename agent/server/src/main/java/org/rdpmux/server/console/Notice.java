// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.console;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.rdpmux.server.ConsoleStatus.DisplayState;

/** Tells viewers in words, on their screens, why they do not see the guest. Lives on the console's thread. */
final class Notice {

    /** How long the last picture stays after the display was lost: many are back at once. */
    static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Supplier<String> consoleName;
    private final DisplayKeeper keeper;
    private final ConsoleVideo video;
    private final Deadline grace;
    private final ConsoleLoop loop;
    private List<String> said = List.of();

    Notice(ConsoleLoop loop, Supplier<String> consoleName, DisplayKeeper keeper, ConsoleVideo video) {
        this.loop = loop;
        this.consoleName = consoleName;
        this.keeper = keeper;
        this.video = video;
        this.grace = new Deadline(loop, this::say);
    }

    /** The display's state or its reason is another, or somebody begins to look on. */
    void update() {
        if (keeper.state() == DisplayState.RUNNING) {
            said = List.of();
            grace.set(Deadline.NEVER);
        } else if (!video.showsGuest()) {
            say();
        } else if (!grace.isSet()) {
            grace.set(loop.now() + GRACE_NANOS);
        }
    }

    private void say() {
        List<String> words = words();
        if (!video.hasFramebuffer() && (video.showsGuest() || !words.equals(said))) {
            said = words;
            video.say(words);
        }
    }

    private List<String> words() {
        String reason = keeper.reason();
        if (reason.isEmpty()) {
            String what = keeper.state() == DisplayState.IDLE
                    ? "The guest has no display at present."
                    : "Connecting to the guest's display.";
            return List.of(consoleName.get(), "", what);
        }
        return List.of(
                consoleName.get(),
                "",
                "The guest's screen cannot be shown:",
                reason + ".",
                "",
                "Keyboard and mouse have no effect until it is back. rdpmux keeps trying.");
    }
}
