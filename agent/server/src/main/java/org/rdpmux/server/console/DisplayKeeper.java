// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.console;

import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.rdpmux.display.ClipboardEvent;
import org.rdpmux.display.Framebuffer;
import org.rdpmux.display.GuestDisplay;
import org.rdpmux.display.InputEvent;
import org.rdpmux.display.KeyboardTraits;
import org.rdpmux.server.ClipboardPolicy;
import org.rdpmux.server.ConsoleStatus.DisplayState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a console's display in the state it has to be in: open while somebody looks on and a little longer, opened again
 * with growing pauses if it fails meanwhile. Lives on the console's thread.
 *
 * <p>Has more fields than most classes: the wishes of the console, the state of the present display, and three timers.
 */
final class DisplayKeeper {

    /**
     * What the console does about its display. Called on the console's thread.
     *
     * @param changed takes what a running display reports; a new framebuffer has all of it damaged
     * @param gone told when there is no display any more: the last framebuffer is not to be read again
     * @param stateChanged told when {@link #state} or {@link #reason} is another
     */
    record Owner(Consumer<DisplayChanges> changed, Runnable gone, Runnable stateChanged) {}

    /** A display that has not shown its screen after this time never will. */
    static final long CONNECT_NANOS = TimeUnit.SECONDS.toNanos(15);

    static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
    static final long LONGEST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(10);
    /** A display that ran this long is tried again without a growing pause. */
    static final long STABLE_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** Far beyond the largest screen of any guest: bounds the memory for the snapshot. */
    static final int MAX_SIDE = 8192;

    static final int MAX_PIXELS = 7680 * 4320;

    private static final Logger LOG = LoggerFactory.getLogger(DisplayKeeper.class);

    private final ConsoleLoop loop;
    private final Owner owner;
    private final Supplier<String> consoleName;
    private final long lingerNanos;
    private final ClipboardPolicy clipboard;
    private final SizeProbes probes;
    private Supplier<GuestDisplay> displays;

    private GuestDisplay display;
    private final DisplayWishes wishes = new DisplayWishes(this);
    private boolean wanted;
    private boolean active = true;
    private boolean listening;
    private boolean showing; // whether the present display was told to be active
    private int showings;
    private int frameRate = 1;
    private int failures;
    private long runningSince;
    private boolean closed;
    private ConsoleLoop.Timer linger;
    private ConsoleLoop.Timer retry;
    private ConsoleLoop.Timer connect;
    // Read by any thread, written by the console's.
    private volatile DisplayState state = DisplayState.IDLE;
    private volatile String reason = "";
    private volatile String kind = "";

    /** @param displays gives a display for each attempt */
    DisplayKeeper(
            ConsoleLoop loop,
            Supplier<String> consoleName,
            GuestConsole.Options options,
            Supplier<GuestDisplay> displays,
            Owner owner) {
        this.loop = loop;
        this.consoleName = consoleName;
        this.lingerNanos = options.lingerNanos();
        this.clipboard = options.display().clipboard();
        this.probes = new SizeProbes(loop, options.probes(), this::openIfClosed);
        this.displays = displays;
        this.owner = owner;
    }

    DisplayState state() {
        return state;
    }

    /** Why there is no display, while the state is FAILED and until another attempt succeeds; otherwise empty. */
    String reason() {
        return reason;
    }

    String kind() {
        return kind;
    }

    /** Whether somebody needs the display. */
    boolean isWanted() {
        return wanted;
    }

    /** Who needs the display. */
    DisplayWishes wishes() {
        return wishes;
    }

    /** Says whether somebody needs the display, which {@link #wishes} do. */
    void want(boolean nowWanted) {
        if (closed || wanted == nowWanted) {
            return;
        }
        wanted = nowWanted;
        linger = cancel(linger);
        if (wanted) {
            probes.stop();
            if (display == null) {
                retry = cancel(retry);
                open();
            } else {
                show(active);
            }
        } else if (display != null) {
            linger = loop.schedule(this::lingered, lingerNanos);
        } else {
            retry = cancel(retry);
            probes.later();
        }
    }

    /** Says whether anybody wants pixels just now. */
    void setActive(boolean nowActive) {
        if (active != nowActive) {
            active = nowActive;
            if (display != null) {
                show(active);
            }
        }
    }

    private void show(boolean nowShowing) {
        showings += nowShowing && !showing ? 1 : 0;
        showing = nowShowing;
        display.setActive(showing);
    }

    /** How often a display began to show its screen; each time it reports all pixels anew. */
    int showings() {
        return showings;
    }

    /** Says how many frames a second are taken. */
    void setFrameRate(int framesPerSecond) {
        if (frameRate != framesPerSecond) {
            frameRate = framesPerSecond;
            if (display != null) {
                display.setFrameRate(frameRate);
            }
        }
    }

    /** Says whether somebody listens to the guest. */
    void listen(boolean nowListening) {
        if (listening != nowListening) {
            listening = nowListening;
            if (display != null) {
                display.sound().ifPresent(guest -> guest.listen(listening));
            }
        }
    }

    /** Opens the display to learn the screen's size, and closes it again if nobody looks on by then. */
    void probe() {
        if (!closed && display == null && retry == null) {
            probes.start();
        }
    }

    private void openIfClosed() {
        if (display == null && retry == null) {
            open();
        }
    }

    /** Closes the display and opens those of another source from now on. */
    void replace(Supplier<GuestDisplay> others) {
        displays = others;
        failures = 0;
        retry = cancel(retry);
        probes.stop();
        closeDisplay();
        setState(DisplayState.IDLE, "");
        if (wanted) {
            open();
        } else {
            linger = cancel(linger);
            probe();
        }
    }

    /** See {@link GuestDisplay#keyboard}. */
    KeyboardTraits keyboard() {
        return display == null ? KeyboardTraits.KEYS : display.keyboard();
    }

    /** Asks for another screen size, of a display that can be asked; see {@link org.rdpmux.display.SizeRequests}. */
    void requestSize(int width, int height) {
        if (display != null) {
            display.sizeRequests().ifPresent(requests -> requests.request(width, height));
        }
    }

    /** See {@link org.rdpmux.display.Clipboard#send}. */
    void send(ClipboardEvent event) {
        if (display != null) {
            display.clipboard().ifPresent(guest -> guest.send(event));
        }
    }

    void send(InputEvent event) {
        if (display != null) {
            display.send(event);
        }
    }

    void close() {
        closed = true;
        wanted = false;
        linger = cancel(linger);
        retry = cancel(retry);
        probes.stop();
        closeDisplay();
        setState(DisplayState.IDLE, "");
    }

    /** Ends a display that cannot be shown; it is tried again as if it had failed by itself. */
    void fail(String why) {
        if (display != null) {
            failed(why);
        }
    }

    private void open() {
        retry = null;
        if (closed) {
            return;
        }
        setState(DisplayState.CONNECTING, reason);
        GuestDisplay opened;
        try {
            opened = displays.get();
        } catch (RuntimeException e) {
            LOG.atWarn()
                    .addKeyValue("console", consoleName.get())
                    .setCause(e)
                    .log("{}: no display to be had", consoleName.get());
            failed("no display to be had: " + e);
            return;
        }
        display = opened;
        kind = opened.kind();
        DisplayInbox[] inbox = new DisplayInbox[1];
        inbox[0] = new DisplayInbox(() -> loop.execute(() -> look(opened, inbox[0])));
        connect = loop.schedule(
                () -> failed("the display has not shown its screen within "
                        + TimeUnit.NANOSECONDS.toSeconds(CONNECT_NANOS) + " s"),
                CONNECT_NANOS);
        if (clipboard.isOn()) {
            opened.clipboard().ifPresent(guest -> guest.enable(clipboard.maxBytes()));
        }
        if (listening) {
            opened.sound().ifPresent(guest -> guest.listen(true));
        }
        opened.start(inbox[0]);
        opened.setFrameRate(frameRate);
        showing = true; // as displays start
        showings++;
        if (!wanted || !active) {
            show(false);
        }
    }

    /** Takes what a display reported, unless it is no longer ours. */
    private void look(GuestDisplay from, DisplayInbox inbox) {
        if (from != display) {
            return;
        }
        DisplayChanges changes = inbox.take();
        Framebuffer framebuffer = changes.framebuffer();
        if (framebuffer != null && !isAcceptable(framebuffer)) {
            failed("the guest's screen of " + framebuffer.width() + "x" + framebuffer.height() + " is too large");
            return;
        }
        if (framebuffer != null) {
            kind = from.kind();
            if (state != DisplayState.RUNNING) {
                running();
            }
        }
        if (state == DisplayState.RUNNING) {
            owner.changed().accept(changes);
        }
        if (display != from) {
            return; // its screen cannot be shown
        }
        if (changes.failure() != null) {
            failed(changes.failure());
        } else if (framebuffer != null && probes.isDue() && !wanted) {
            lingered();
        }
    }

    private static boolean isAcceptable(Framebuffer framebuffer) {
        return framebuffer.width() <= MAX_SIDE
                && framebuffer.height() <= MAX_SIDE
                && framebuffer.width() * framebuffer.height() <= MAX_PIXELS;
    }

    private void running() {
        connect = cancel(connect);
        runningSince = loop.now();
        if (failures > 1) {
            LOG.atInfo().addKeyValue("console", consoleName.get()).log("{}: display is back", consoleName.get());
        }
        setState(DisplayState.RUNNING, "");
    }

    private void failed(String why) {
        boolean stable = state == DisplayState.RUNNING && loop.now() - runningSince >= STABLE_NANOS;
        failures = stable ? 1 : failures + 1;
        boolean isNew = !why.equals(reason);
        closeDisplay();
        setState(DisplayState.FAILED, why);
        long pause = Math.min(LONGEST_PAUSE_NANOS, FIRST_PAUSE_NANOS << Math.min(failures - 1, 10));
        boolean probe = probes.failed();
        if (wanted) {
            retry = loop.schedule(this::open, pause);
        } else if (probe) {
            retry = loop.schedule(this::probeAgain, pause);
        } else {
            probes.later();
        }
        if (failures == 1 && isNew) {
            LOG.atInfo()
                    .addKeyValue("console", consoleName.get())
                    .log("{}: display failed: {}", consoleName.get(), why);
        } else {
            LOG.debug("{}: display failed {} times: {}", consoleName.get(), failures, why);
        }
    }

    private void probeAgain() {
        retry = null;
        probes.attempt();
    }

    private void lingered() {
        linger = cancel(linger);
        probes.stop();
        closeDisplay();
        setState(DisplayState.IDLE, "");
        probes.later();
    }

    private void closeDisplay() {
        connect = cancel(connect);
        linger = cancel(linger);
        if (display != null) {
            GuestDisplay old = display;
            display = null;
            old.close();
            owner.gone().run();
        }
    }

    private void setState(DisplayState newState, String why) {
        boolean changed = state != newState || !reason.equals(why);
        reason = why;
        state = newState;
        if (changed) {
            owner.stateChanged().run();
        }
    }

    private static ConsoleLoop.Timer cancel(ConsoleLoop.Timer timer) {
        if (timer != null) {
            timer.cancel();
        }
        return null;
    }
}
