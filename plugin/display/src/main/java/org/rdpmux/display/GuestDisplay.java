// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.display;

import java.util.Optional;

/**
 * A virtual machine's console as a backend sees it: pixels and pointer shapes come out, input goes in.
 *
 * <p>Life: constructed idle (no connection, no thread, no cost), {@link #start started} once with the first viewer,
 * {@link #close closed} once. A display that failed is closed and a new one is opened for the next attempt. All methods
 * may be called from any one thread at a time, return at once and never throw for a display that has failed: failure
 * arrives at {@link Listener#failed}.
 *
 * <p>What only some displays have is a facet: a small interface of its own, which the display has from its construction to
 * its end, or not at all. Its owner is the display, and the rules of the display's methods hold for its methods, too.
 */
public interface GuestDisplay extends AutoCloseable {

    /**
     * Begins to connect. The listener hears {@link Listener#resized} once the screen is known and {@link
     * Listener#failed} if it never will be. The display starts {@linkplain #setActive active}.
     */
    void start(Listener listener);

    /**
     * Whether somebody looks on. While inactive the display asks the hypervisor for no pixels and need not report
     * damage; when it becomes active again, everything counts as damaged and the display says so.
     */
    void setActive(boolean active);

    /**
     * How many frames a second the viewers take at present. A display that sets its guest's pace does so within what the
     * guest allows; others ignore it.
     *
     * @param framesPerSecond 1 or more
     */
    default void setFrameRate(int framesPerSecond) {}

    /** Sends one input event, in order. What the guest cannot do (a fifth button, a character) is dropped. */
    void send(InputEvent event);

    /** What the keyboard can take. May change until the screen is known. */
    default KeyboardTraits keyboard() {
        return KeyboardTraits.KEYS;
    }

    /** How to ask for another screen size; empty for displays that have no message for it. Does not change. */
    default Optional<SizeRequests> sizeRequests() {
        return Optional.empty();
    }

    /** The guest's clipboard; empty for displays that do not carry it. Does not change. */
    default Optional<Clipboard> clipboard() {
        return Optional.empty();
    }

    /** What the guest plays; empty for displays that do not carry it. Does not change. */
    default Optional<Sound> sound() {
        return Optional.empty();
    }

    /** Ends the connection and frees everything; the listener hears nothing afterwards. Idempotent. */
    @Override
    void close();

    /** Short name of the kind of display for people, such as {@code VNC} or {@code librdpmux 5}. */
    String kind();

    /**
     * Hears what happens on the console. Called from the display's own thread, one call at a time; must not block.
     *
     * <p>Changes of pixels apply in the order in which {@link #damaged} and {@link #moved} report them, each to the current
     * framebuffer. A framebuffer is live: by the time it is read it may hold later changes too, whose report follows.
     */
    interface Listener {

        /** The screen has this framebuffer now: first of all, and at each mode change. All of it counts as damaged. */
        void resized(Framebuffer framebuffer);

        /** Pixels of the current framebuffer changed. The area is clipped to the screen and not empty. */
        void damaged(Rect area);

        /**
         * Pixels were copied within the current framebuffer: each pixel {@code (x, y)} of {@code to} is now what the pixel
         * {@code (x - dx, y - dy)} was just before, that is, after all that was reported earlier and nothing that is
         * reported later. Source and destination may overlap.
         *
         * <p>A hint that saves sending {@code to} again; the area counts as damaged all the same. Whoever copies within a
         * picture of his own instead may do so only where that picture is up to date at the source; elsewhere {@code to} is
         * damage. A listener that does nothing about moves inherits this method, which reports damage.
         *
         * @param to where the pixels are now; not empty, and inside the screen, as is {@code to} moved back by dx and dy
         * @param dx how far to the right they went; 0 only if dy is not
         * @param dy how far down they went
         */
        default void moved(Rect to, int dx, int dy) {
            damaged(to);
        }

        /** The guest's pointer looks like this from now on. */
        void pointer(PointerShape shape);

        /** The guest moved the pointer itself. */
        default void pointerWarped(int x, int y) {}

        /** The guest's keyboard LEDs, if the display knows them. */
        default void locks(LockKeys locks) {}

        /** What the guest's clipboard says, once it is {@linkplain Clipboard#enable enabled}. */
        default void clipboard(ClipboardEvent event) {}

        /** What the guest plays, while somebody {@linkplain Sound#listen listens}. */
        default void sound(SoundBlock block) {}

        /** The display ended by itself; close it. The reason is a sentence for people, without secrets. */
        void failed(String reason);
    }
}
