// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.console;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.rdpmux.display.Rect;
import org.rdpmux.server.DisconnectReason;
import org.rdpmux.server.ViewerStatus;

/**
 * A client's way to its console: the methods may be called from the connection's thread, return at once and take effect on
 * the console's thread, in order. The fields without {@code volatile} belong to the console's thread.
 */
public final class ViewerPort {

    /** What the console waits for. */
    enum Stage {
        /** To know the desktop's size, to offer it. */
        JOINING,
        /** The client to finish its connection with the size it was offered. */
        CONNECTING,
        /** Nothing: the client sees the screen. */
        SHOWING,
        /** The client to change to another size. */
        RESIZING,
        /** The client has left. */
        GONE
    }

    /** What others may know. */
    private record Shown(ViewerIdentity identity, ViewerCapabilities settings) {}

    final ViewerLink link;
    final InputQueue inputQueue = new InputQueue();
    private final ClientMailbox mailbox = new ClientMailbox(this::tellNews);
    Stage stage = Stage.JOINING;
    Viewer viewer;
    InputArbiter.Source source;
    ViewerCapabilities settings;
    ViewerIdentity identity;
    ConsoleLoop.Timer offerTimer;

    private final long id;
    private final Instant since;
    private final GuestConsole console;
    private volatile long bytesSent;
    private volatile Shown shown;
    private volatile long framesSent;
    private volatile long drainingSince = -1;
    private volatile long latencyNanos = -1;
    private volatile boolean suspended;

    ViewerPort(long id, Instant since, GuestConsole console, ViewerLink link) {
        this.id = id;
        this.since = since;
        this.console = console;
        this.link = link;
    }

    public long id() {
        return id;
    }

    /** The client has finished its connection, or its change of size: it can be sent output from now on. */
    public void activated(ViewerIdentity who, ViewerCapabilities agreed) {
        console.post(() -> console.activated(this, who, agreed));
    }

    /**
     * Takes input. Until the client has finished its connection, and after it has left, input is dropped.
     *
     * @return false if the client is to be read from no further until {@link ViewerLink#resumeInput}
     */
    public boolean input(ViewerInput input) {
        if (inputQueue.add(input)) {
            console.post(() -> console.takeInput(this));
        }
        return !inputQueue.isFull();
    }

    /** The socket has taken the last batch, which made this many bytes. */
    public void drained(int bytes) {
        bytesSent = bytesSent + bytes;
        console.post(() -> console.drained(this));
    }

    /** Bytes that did not come from a batch. */
    public void alsoSent(int bytes) {
        bytesSent = bytesSent + bytes;
    }

    /** The client has acknowledged a frame; see {@link org.rdpmux.server.console.SendWindow#acknowledged}. */
    public void acknowledged(int frame, int queueDepth) {
        mailbox.acknowledged(frame, queueDepth);
    }

    /** The client wants no output, or wants it again. */
    public void allowOutput(boolean allowed) {
        mailbox.allowOutput(allowed);
    }

    /** The client wants these areas of its desktop again. */
    public void refresh(List<Rect> areas) {
        mailbox.refresh(areas);
    }

    private void tellNews() {
        console.post(() -> console.takeNews(this, mailbox.take()));
    }

    /** The connection has ended. Idempotent. */
    public void leave() {
        console.post(() -> console.leave(this));
    }

    /** Sends the client away. */
    public void disconnect(DisconnectReason reason) {
        link.disconnect(reason);
    }

    /** Empty unless the client has begun to see the console. */
    Optional<ViewerStatus> status(long now) {
        Shown known = shown;
        if (known == null) {
            return Optional.empty();
        }
        long draining = drainingSince;
        ViewerStatus.State state = suspended
                ? ViewerStatus.State.SUSPENDED
                : draining >= 0 && now - draining > Viewer.SLOW_NANOS
                        ? ViewerStatus.State.SLOW
                        : ViewerStatus.State.ACTIVE;
        long latency = latencyNanos;
        return Optional.of(new ViewerStatus(
                id,
                known.identity().remote(),
                known.identity().clientName(),
                known.identity().user(),
                known.identity().viewOnly(),
                since,
                known.settings().width(),
                known.settings().height(),
                known.settings().profile().depth().bits(),
                bytesSent,
                framesSent,
                state,
                latency < 0 ? OptionalLong.empty() : OptionalLong.of(latency)));
    }

    /** Makes what the console's thread knows visible to others. */
    void publish(long now) {
        if (settings != null && (shown == null || shown.settings() != settings)) {
            shown = new Shown(identity, settings);
        }
        suspended = viewer != null && viewer.isSuppressed(now);
        latencyNanos = viewer == null ? -1 : viewer.window().latency().orElse(-1);
    }

    void publishSent(long now) {
        framesSent = framesSent + 1;
        drainingSince = now;
    }

    void publishDrained() {
        drainingSince = -1;
    }
}
