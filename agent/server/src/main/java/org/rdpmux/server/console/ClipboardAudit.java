// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.console;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.rdpmux.security.access.AuditEvent;
import org.rdpmux.security.access.AuditSink;
import org.rdpmux.server.ViewerStatus;

/**
 * Puts into the audit trail who exchanged how much with a guest's clipboard: the first time at once, and what follows within
 * {@link #SUM_NANOS} as a sum, so that a guest that pastes without a pause fills no disk. Lives on the console's thread.
 */
final class ClipboardAudit {

    static final long SUM_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final ConsoleLoop loop;
    private final Supplier<String> consoleName;
    private final AuditSink sink;
    private final Deadline deadline;
    private final Sum toGuest = new Sum(AuditEvent.Action.CLIPBOARD_TO_GUEST);
    private final Sum toClient = new Sum(AuditEvent.Action.CLIPBOARD_TO_CLIENT);
    /** Whose sums these are. */
    private Viewer viewer;

    private static final class Sum {
        final AuditEvent.Action action;
        int times;
        long characters;

        Sum(AuditEvent.Action action) {
            this.action = action;
        }
    }

    ClipboardAudit(ConsoleLoop loop, Supplier<String> consoleName, AuditSink sink) {
        this.loop = loop;
        this.consoleName = consoleName;
        this.sink = sink;
        this.deadline = new Deadline(loop, this::summed);
    }

    /** A viewer has pasted what the guest copied. */
    void pastedByClient(Viewer by, int characters) {
        add(by, toClient, characters);
    }

    /** The guest has pasted what a viewer copied. */
    void pastedByGuest(Viewer from, int characters) {
        add(from, toGuest, characters);
    }

    private void add(Viewer whose, Sum sum, int characters) {
        if (whose != viewer) {
            finish();
            viewer = whose;
        }
        sum.times++;
        sum.characters += characters;
        if (!deadline.isSet()) {
            tell();
            deadline.set(loop.now() + SUM_NANOS);
        }
    }

    /** The viewer exchanges nothing any more. */
    void finish() {
        deadline.set(Deadline.NEVER);
        tell();
    }

    private void summed() {
        if (tell()) {
            deadline.set(loop.now() + SUM_NANOS);
        }
    }

    private boolean tell() {
        return tell(toGuest) | tell(toClient);
    }

    private boolean tell(Sum sum) {
        if (sum.times == 0) {
            return false;
        }
        AuditEvent.Copied copied = new AuditEvent.Copied(sum.times, sum.characters);
        sum.times = 0;
        sum.characters = 0;
        viewer.report().status(loop.now()).ifPresent(status -> sink.accept(event(sum.action, status, copied)));
        return true;
    }

    private AuditEvent event(AuditEvent.Action action, ViewerStatus status, AuditEvent.Copied copied) {
        return new AuditEvent(
                Instant.now(),
                action,
                AuditEvent.OK,
                new AuditEvent.Subject(status.user(), "", "", ""),
                AuditEvent.Place.at(status.remote(), consoleName.get(), ""),
                Duration.ZERO,
                Optional.of(copied));
    }
}
