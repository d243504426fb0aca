// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.console;

/**
 * A client's way to its console: messages wait here until the console's thread reads them. Bounded, whatever the client
 * sends: see {@link Mailbox} and {@link InputQueue}. For two threads: one posts, the console's reads.
 */
public final class ViewerInbox {

    private final Mailbox<ToConsole> mailbox = new Mailbox<>();
    private final InputQueue input = new InputQueue();
    private final Runnable wake;

    /** @param wake has the console's thread read; called on the poster's thread */
    ViewerInbox(Runnable wake) {
        this.wake = wake;
    }

    /**
     * Tells the console something; it takes effect on the console's thread, in order within its kind.
     *
     * @return false if the client is to be read from no further until {@link ToViewer.ResumeInput}
     */
    public boolean post(ToConsole message) {
        if (message instanceof ToConsole.Input typed) {
            if (input.add(typed.input())) {
                wake.run();
            }
            return !input.isFull();
        }
        if (mailbox.post(message)) {
            wake.run();
        }
        return true;
    }

    /** The next message that is no input; null if there is none. */
    ToConsole poll() {
        return mailbox.poll();
    }

    InputQueue input() {
        return input;
    }
}
