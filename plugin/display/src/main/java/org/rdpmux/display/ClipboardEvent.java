// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.display;

import java.util.Objects;

/**
 * What the two ends of a clipboard, a guest's and its viewers', tell each other; both say the same things. Of each kind the
 * newest counts: what waits to be told may make way for it.
 */
public sealed interface ClipboardEvent {

    /** There is nothing to be had, or no more. */
    ClipboardEvent NOTHING = new Offer(false);

    /** The answer to a {@link Request} for what is not to be had. */
    ClipboardEvent EMPTY = new Text("");

    /**
     * Something was copied at the sender's end, which may be asked for it from now on; what the other end had is replaced.
     *
     * @param text whether it can be had as text; if not, there is nothing to be had
     */
    record Offer(boolean text) implements ClipboardEvent {}

    /** Something is pasted at the sender's end: {@link Text} is to follow, soon. */
    record Request() implements ClipboardEvent {}

    /**
     * The answer to a {@link Request}.
     *
     * @param text whose lines end with LF; empty if it is not to be had
     */
    record Text(String text) implements ClipboardEvent {
        public Text {
            Objects.requireNonNull(text);
        }

        /** Without the text, which is nobody's business in a log. */
        @Override
        public String toString() {
            return "Text[" + text.length() + " characters]";
        }
    }
}
