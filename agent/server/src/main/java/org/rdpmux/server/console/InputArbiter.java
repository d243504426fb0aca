// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.console;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Deque;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.rdpmux.display.InputEvent;
import org.rdpmux.display.LockKeys;
import org.rdpmux.display.PointerButton;
import org.rdpmux.display.Scancode;

/**
 * Makes one keyboard and one mouse out of those of all viewers. Used by one thread.
 *
 * <p>Everybody who has a {@link Source} may type. A key goes down in the guest when the first viewer presses it and up when
 * the last one that holds it releases it; a viewer that leaves, or whose keyboard begins anew, releases what it holds. A
 * viewer cannot release what it does not hold, and one whose machine no longer answers holds nothing. The pointer follows
 * whoever moves it last, but while a viewer holds a button (a drag) it is that viewer's alone.
 *
 * <p>Before somebody types whose keyboard has another layout than the last one's, the guest's display is told the layout.
 *
 * <p>Guests do not let their locks (Caps Lock and its like) be set, so a difference to the viewer's keyboard is made up
 * for by pressing the lock key. The guest's state is known from its LEDs. If they are unknown, the first viewer's keyboard
 * is taken to agree with the guest, and differences count from there: wrong at worst as long as nobody presses the key.
 */
public final class InputArbiter {

    private static final int KEYS = 256;
    private static final List<Scancode> LOCKS = List.of(Scancode.SCROLL_LOCK, Scancode.NUM_LOCK, Scancode.CAPS_LOCK);
    /** More than a guest is behind. */
    private static final int MAX_PRESSED = 16;

    private final Consumer<InputEvent> guest;
    private final Set<Source> sources = new LinkedHashSet<>();
    private final int[] holders = new int[KEYS];
    private InputEvent.Layout guestLayout = InputEvent.Layout.US;
    private LockKeys guestLocks;
    /** What the guest said last. */
    private LockKeys reported;

    /** Lock keys whose effect the guest has not reported. */
    private final Deque<Scancode> pressed = new ArrayDeque<>();

    /** @param guest receives what the guest is to get, in order */
    public InputArbiter(Consumer<InputEvent> guest) {
        this.guest = Objects.requireNonNull(guest);
    }

    /** A place for one viewer. */
    public Source join() {
        Source source = new Source();
        sources.add(source);
        return source;
    }

    /** The guest's LEDs, which are behind if lock keys have been pressed since. */
    public void guestLocks(LockKeys leds) {
        boolean explained = reported != null;
        for (Scancode lock : LOCKS) {
            if (explained && isOn(leds, lock) != isOn(reported, lock)) {
                explained = confirm(lock);
            }
        }
        if (!explained) {
            pressed.clear(); // the guest has changed them itself
        }
        reported = leds;
        guestLocks = leds;
        pressed.forEach(lock -> guestLocks = toggled(guestLocks, lock));
    }

    /** What the guest's locks are, or will be once it has seen the keys that were pressed; null if nothing is known. */
    public LockKeys locks() {
        return guestLocks;
    }

    /** Reports come in the order of the keys: one that has a key's change has those of the keys before it, too. */
    private boolean confirm(Scancode lock) {
        boolean known = pressed.contains(lock);
        while (known && !pressed.remove().equals(lock)) {
            continue;
        }
        return known;
    }

    /** Whether somebody holds a key or a button down. */
    public boolean isSomethingHeld() {
        return sources.stream().anyMatch(source -> !source.keys.isEmpty() || !source.buttons.isEmpty());
    }

    /** The guest's keyboard is gone or another one: nothing is held there and nothing known of its locks. */
    public void reset() {
        Arrays.fill(holders, 0);
        sources.forEach(source -> {
            source.keys.clear();
            source.buttons.clear();
        });
        guestLayout = InputEvent.Layout.US;
        guestLocks = null;
        reported = null;
        pressed.clear();
    }

    /** One viewer's keyboard and mouse. */
    public final class Source {

        /** Held keys by {@link Scancode#qemuNumber}. */
        private final BitSet keys = new BitSet(KEYS);

        private final Set<PointerButton> buttons = EnumSet.noneOf(PointerButton.class);

        private InputEvent.Layout layout = InputEvent.Layout.US;

        private Source() {}

        /** The viewer's keyboard has this layout from now on. */
        public void layout(InputEvent.Layout newLayout) {
            layout = newLayout;
        }

        public void on(ViewerInput input) {
            if (!sources.contains(this)) {
                return;
            }
            if (input instanceof ViewerInput.Event e) {
                on(e.event());
            } else if (input instanceof ViewerInput.Sync sync) {
                releaseKeys();
                align(sync.locks());
            }
        }

        private void on(InputEvent event) {
            if (event instanceof InputEvent.Key key) {
                if (key.down()) {
                    press(key.scancode());
                } else {
                    release(key.scancode());
                }
            } else if (event instanceof InputEvent.Unicode) {
                useLayout();
                guest.accept(event);
            } else if (pointerIsMine()) {
                if (!(event instanceof InputEvent.Button button)
                        || (button.down() ? buttons.add(button.button()) : buttons.remove(button.button()))) {
                    guest.accept(event);
                }
            }
        }

        /** Releases what it holds. */
        public void letGo() {
            releaseKeys();
            buttons.forEach(button -> guest.accept(new InputEvent.Button(button, false)));
            buttons.clear();
        }

        /** Releases what it holds; the source is gone. Idempotent. */
        public void leave() {
            if (sources.remove(this)) {
                letGo();
            }
        }

        private boolean pointerIsMine() {
            for (Source source : sources) {
                if (source != this && !source.buttons.isEmpty()) {
                    return false;
                }
            }
            return true;
        }

        private void press(Scancode key) {
            int number = key.qemuNumber();
            if (!keys.get(number)) {
                keys.set(number);
                if (holders[number]++ == 0 && guestLocks != null) {
                    guestLocks = toggled(guestLocks, key);
                    expect(key);
                }
            }
            useLayout();
            guest.accept(new InputEvent.Key(key, true));
        }

        private void useLayout() {
            if (!layout.equals(guestLayout)) {
                guestLayout = layout;
                guest.accept(layout);
            }
        }

        private void release(Scancode key) {
            int number = key.qemuNumber();
            if (keys.get(number)) {
                keys.clear(number);
                if (--holders[number] == 0) {
                    guest.accept(new InputEvent.Key(key, false));
                }
            }
        }

        private void releaseKeys() {
            for (int number = keys.nextSetBit(0); number >= 0; number = keys.nextSetBit(number + 1)) {
                int code = number & 0x7f;
                release(number > 0x7f ? Scancode.extended(code) : Scancode.of(code));
            }
        }
    }

    private void align(LockKeys wanted) {
        LockKeys before = guestLocks;
        guestLocks = wanted;
        if (before != null) {
            tapIf(before.scroll() != wanted.scroll(), Scancode.SCROLL_LOCK);
            tapIf(before.num() != wanted.num(), Scancode.NUM_LOCK);
            tapIf(before.caps() != wanted.caps(), Scancode.CAPS_LOCK);
        }
    }

    private void tapIf(boolean differs, Scancode lock) {
        if (differs && holders[lock.qemuNumber()] == 0) {
            guest.accept(new InputEvent.Key(lock, true));
            guest.accept(new InputEvent.Key(lock, false));
            expect(lock);
        }
    }

    private void expect(Scancode key) {
        if (pressed.size() == MAX_PRESSED) {
            pressed.clear(); // a guest that reports nothing
        }
        if (reported != null && LOCKS.contains(key)) {
            pressed.add(key);
        }
    }

    private static boolean isOn(LockKeys locks, Scancode key) {
        if (key.equals(Scancode.SCROLL_LOCK)) {
            return locks.scroll();
        }
        return key.equals(Scancode.NUM_LOCK) ? locks.num() : locks.caps();
    }

    private static LockKeys toggled(LockKeys locks, Scancode key) {
        if (key.equals(Scancode.SCROLL_LOCK)) {
            return new LockKeys(!locks.scroll(), locks.num(), locks.caps());
        }
        if (key.equals(Scancode.NUM_LOCK)) {
            return new LockKeys(locks.scroll(), !locks.num(), locks.caps());
        }
        return key.equals(Scancode.CAPS_LOCK) ? new LockKeys(locks.scroll(), locks.num(), !locks.caps()) : locks;
    }
}
