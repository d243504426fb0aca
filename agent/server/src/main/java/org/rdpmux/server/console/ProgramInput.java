// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.console;

import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.rdpmux.server.ConsoleStatus.DisplayState;
import org.rdpmux.server.ConsoleUnavailableException;
import org.rdpmux.server.InputScript;
import org.rdpmux.server.screen.Screen;

/**
 * What programs type, on its way to the guest: one script after the other, each event when its time has come. A script is one
 * more source of the InputArbiter, as a viewer is, and lets go what it holds at its end. Lives on the console's thread.
 */
final class ProgramInput {

    /** As many are under way at most, one of which is being typed. */
    static final int MAX_SCRIPTS = 4;

    /** A script that could not begin after this time is refused: before whoever asks has given up. */
    static final long BEGIN_NANOS = TimeUnit.SECONDS.toNanos(8);

    private final ConsoleLoop loop;
    private final DisplayKeeper keeper;
    private final InputArbiter arbiter;
    private final Runnable pump;
    private final ArrayDeque<Entry> entries = new ArrayDeque<>();
    /** Of the script that is being typed; null if none is. */
    private InputArbiter.Source source;

    /** How many of its events were typed. */
    private int typed;

    /** When the next one may be. */
    private long due;

    private record Entry(InputScript script, CompletableFuture<Void> answer, long asked) {
        List<InputScript.Timed> events() {
            return script.events();
        }
    }

    /** @param pump has the others called */
    ProgramInput(ConsoleLoop loop, DisplayKeeper keeper, InputArbiter arbiter, Runnable pump) {
        this.loop = loop;
        this.keeper = keeper;
        this.arbiter = arbiter;
        this.pump = pump;
    }

    /**
     * Adds a script, which opens the display if it is closed.
     *
     * @param answer completed once all of it is typed; a script whose answer is cancelled ends
     */
    void add(InputScript script, CompletableFuture<Void> answer) {
        if (entries.size() == MAX_SCRIPTS) {
            fail(answer, "other programs are typing; try again");
            return;
        }
        entries.add(new Entry(script, answer, loop.now()));
        keeper.wishes().set(DisplayWishes.Wish.INPUT, true);
        displayState();
    }

    private static void fail(CompletableFuture<Void> answer, String why) {
        answer.completeExceptionally(new ConsoleUnavailableException(why));
    }

    /** The console is closed. */
    void close() {
        entries.forEach(entry -> fail(entry.answer(), "the console is closed"));
        entries.clear();
        leave();
    }

    private void leave() {
        if (source != null) {
            source.leave();
            source = null;
        }
    }

    /** The state of the display is another. */
    void displayState() {
        if (keeper.state() == DisplayState.FAILED) {
            entries.forEach(entry -> fail(entry.answer(), "nothing can be typed: " + keeper.reason()));
        }
        if (!entries.isEmpty()) {
            loop.execute(pump);
        }
    }

    /** There is no display any more: what was being typed is cut off. */
    void displayGone() {
        if (source != null) {
            fail(entries.peek().answer(), "the guest's display ended while it was typed");
            loop.execute(pump);
        }
    }

    /** Types the next event, if its time has come. @return whether it did */
    boolean type(long now) {
        if (source == null && !begin(now)
                || due > now
                || entries.peek().answer().isDone()) {
            return false;
        }
        List<InputScript.Timed> events = entries.peek().events();
        source.on(new ViewerInput.Event(events.get(typed).event()));
        typed++;
        due = typed < events.size() ? now + events.get(typed).pauseNanos() : Screen.NEVER;
        return true;
    }

    private boolean begin(long now) {
        Entry entry = entries.peek();
        if (entry == null || entry.answer().isDone() || keeper.state() != DisplayState.RUNNING) {
            return false;
        }
        if (!entry.script().force() && arbiter.isSomethingHeld()) {
            fail(entry.answer(), "a viewer holds a key or a button down; wait, or force it");
        } else if (entry.script().hasCharacters() && !keeper.keyboard().characters()) {
            fail(entry.answer(), "the guest's display takes keys and no text; send keys");
        } else {
            source = arbiter.join();
            source.layout(entry.script().layout());
            typed = 0;
            due = now + entry.events().get(0).pauseNanos();
        }
        return source != null;
    }

    /**
     * Ends what has come to its end.
     *
     * @param passed whether the guest's keyboard has got all that was typed
     */
    void settle(boolean passed, long now) {
        while (!entries.isEmpty()) {
            Entry entry = entries.peek();
            if (source == null && now >= entry.asked() + BEGIN_NANOS) {
                fail(entry.answer(), "nothing can be typed: the guest's display has not shown its screen in time");
            } else if (source != null && typed == entry.events().size() && passed) {
                entry.answer().complete(null);
            }
            if (!entry.answer().isDone()) {
                break;
            }
            entries.remove();
            leave();
        }
        keeper.wishes().set(DisplayWishes.Wish.INPUT, !entries.isEmpty());
    }

    /** When something is to be done; {@link Screen#NEVER} if nothing is. */
    long nextDeadline() {
        if (entries.isEmpty()) {
            return Screen.NEVER;
        }
        return source == null ? entries.peek().asked() + BEGIN_NANOS : due;
    }
}
