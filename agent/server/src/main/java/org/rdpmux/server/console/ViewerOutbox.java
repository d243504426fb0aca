// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.console;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/** A console's way to one client's connection: messages wait here until the connection's thread reads them. Bounded. */
final class ViewerOutbox {

    private final Mailbox<ToViewer> mailbox = new Mailbox<>();
    private final Executor loop;
    private final Consumer<ToViewer> client;

    /**
     * @param loop the connection's
     * @param client called on the loop, for each message in order
     */
    ViewerOutbox(Executor loop, Consumer<ToViewer> client) {
        this.loop = loop;
        this.client = client;
    }

    /** From any thread; returns at once. */
    void post(ToViewer message) {
        if (mailbox.post(message)) {
            try {
                loop.execute(this::deliver);
            } catch (RejectedExecutionException ignored) {
                drop(); // the server has ended, and the connection with it
            }
        }
    }

    private void deliver() {
        for (ToViewer next = mailbox.poll(); next != null; next = mailbox.poll()) {
            client.accept(next);
        }
    }

    private void drop() {
        for (ToViewer next = mailbox.poll(); next != null; next = mailbox.poll()) {
            if (next instanceof ToViewer.Frame frame) {
                frame.batch().release();
            }
        }
    }
}
