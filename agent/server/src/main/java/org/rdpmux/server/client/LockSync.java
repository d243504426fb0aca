// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.client;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.rdpmux.display.LockKeys;
import org.rdpmux.pdu.input.LockFlags;
import org.rdpmux.pdu.share.SetKeyboardIndicators;

/**
 * Decides when a client is told the guest's lock keys: as soon as a share is active and the client has said which locks
 * its own keyboard has, or had its time to; and only if they differ. Lives on the client's loop.
 */
final class LockSync {

    /**
     * How long a client gets to say which locks its keyboard has. The guest is to follow it then; told of the guest's
     * before, it would follow the guest, and whoever connects would have Caps Lock on because somebody left it on.
     */
    static final long CLIENT_FIRST_MILLIS = 1000;

    private final EventExecutor loop;
    private final Consumer<SetKeyboardIndicators> tell;

    /** The guest's locks, and those the client has; null while they are not known. */
    private LockKeys guest;

    private LockKeys client;
    /** The guest's have changed since the client was told. */
    private boolean stale;
    /** The client has said which locks it has, or had its time to. */
    private boolean clientHeard;

    private boolean shareActive;
    private ScheduledFuture<?> clientFirst;

    /** @param tell sends the client what its keyboard is to show; called while a share is active only */
    LockSync(EventExecutor loop, Consumer<SetKeyboardIndicators> tell) {
        this.loop = loop;
        this.tell = tell;
    }

    /** A share is active. */
    void start() {
        shareActive = true;
        if (clientHeard) {
            update();
        } else {
            clientFirst = loop.schedule(this::clientIsSilent, CLIENT_FIRST_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    /** No share is active any more, for a while or for ever. */
    void stop() {
        shareActive = false;
        if (clientFirst != null) {
            clientFirst.cancel(false);
        }
    }

    /** The guest's locks, now. */
    void guestHas(LockKeys locks) {
        guest = locks;
        stale = true;
        update();
    }

    /** The locks of the client's keyboard: the guest is about to follow. */
    void clientHas(LockKeys locks) {
        client = locks;
        stale = false;
        clientHeard = true;
    }

    private void clientIsSilent() {
        clientHeard = true;
        update();
    }

    private void update() {
        if (!stale || !clientHeard || !shareActive) {
            return;
        }
        stale = false;
        if (!guest.equals(client)) {
            client = guest;
            tell.accept(new SetKeyboardIndicators(new LockFlags(guest.scroll(), guest.num(), guest.caps(), false)));
        }
    }
}
