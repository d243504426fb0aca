// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.console;

import java.util.ArrayDeque;
import java.util.Objects;
import java.util.function.Consumer;
import org.rdpmux.display.InputEvent;
import org.rdpmux.server.screen.Screen;

/**
 * Keeps key events apart on their way to a guest whose keyboard loses what comes too fast. A key that comes after a pause
 * goes at once; one that comes too soon waits, and what follows waits behind it, so that the order stays: no release
 * overtakes its press, no click the key it is held with. Motion that waits is replaced by motion that follows on it.
 *
 * <p>Drops nothing: whoever adds events holds back what can wait elsewhere while it {@link #isFull}, and what has nowhere
 * to wait while it {@link #isOverfull}. Passive; used by one thread.
 */
public final class KeyPace {

    /** Few, since what another viewer types comes behind them. */
    static final int FULL = 16;

    /** What some viewers typed ahead before they left. */
    static final int OVERFULL = 1024;

    /** A character is its key and often Shift or AltGr around it: four key events that it has the time of two for, twice. */
    static final int KEYS_PER_CHARACTER = 2;

    private final Consumer<InputEvent> guest;
    private final ArrayDeque<InputEvent> waiting = new ArrayDeque<>();
    private long lastKey;
    /** How many key events the last one stood for. */
    private int lastKeys;

    private boolean keySent;

    /** @param guest receives the events, in order */
    public KeyPace(Consumer<InputEvent> guest) {
        this.guest = Objects.requireNonNull(guest);
    }

    /**
     * Takes an event, and passes on what is due.
     *
     * @param gapNanos least time between two key events; 0 if there is no need for one
     */
    public void add(InputEvent event, long gapNanos, long now) {
        if (event instanceof InputEvent.PointerMove && waiting.peekLast() instanceof InputEvent.PointerMove) {
            waiting.removeLast();
        }
        waiting.addLast(event);
        pass(gapNanos, now);
    }

    /** Passes on what is due. */
    public void pass(long gapNanos, long now) {
        while (!waiting.isEmpty() && nextDeadline(gapNanos) <= now) {
            InputEvent event = waiting.removeFirst();
            if (isKey(event)) {
                lastKey = now;
                lastKeys = event instanceof InputEvent.Unicode ? KEYS_PER_CHARACTER : 1;
                keySent = true;
            }
            guest.accept(event);
        }
    }

    /** When {@link #pass} has something to do; {@link Screen#NEVER} if nothing waits. */
    public long nextDeadline(long gapNanos) {
        if (waiting.isEmpty()) {
            return Screen.NEVER;
        }
        return keySent && isKey(waiting.peekFirst()) ? lastKey + lastKeys * gapNanos : 0;
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** Whether {@value #FULL} events wait. */
    public boolean isFull() {
        return waiting.size() >= FULL;
    }

    /** Whether {@value #OVERFULL} events wait. */
    public boolean isOverfull() {
        return waiting.size() >= OVERFULL;
    }

    /** Forgets what waits: the guest's keyboard is gone. */
    public void clear() {
        waiting.clear();
    }

    private static boolean isKey(InputEvent event) {
        return event instanceof InputEvent.Key || event instanceof InputEvent.Unicode;
    }
}
