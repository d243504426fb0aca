// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.vnc;

import io.netty.buffer.ByteBuf;
import java.util.Optional;
import org.rdpmux.display.ClipboardEvent;
import org.rdpmux.display.GuestDisplay;
import org.rdpmux.display.InputEvent;
import org.rdpmux.display.PixelBudget;

/**
 * An RFB connection as seen from the client's side, without the connection: bytes that arrived come in, events go to the
 * listener, bytes to be sent go to {@code out}. Not thread-safe. Every method may throw {@link RfbException}; the
 * connection is then over.
 */
final class RfbClient implements AutoCloseable {

    /**
     * What is known of the server beforehand.
     *
     * @param local whether it is on this host, where pixels are cheaper than their compression
     * @param keymap the keyboard layout that it was given, by QEMU's name
     * @param pixels what the pixels of its screen are counted by
     * @param maxClipboard bytes of a text on the clipboard at most; 0 if it is not exchanged
     */
    record Setup(boolean local, Optional<String> keymap, PixelBudget pixels, int maxClipboard) {}

    private final GuestDisplay.Listener listener;
    private final Setup setup;
    private final RfbHandshake handshake;
    private RfbSession session;
    private boolean active;
    private boolean listening;
    private int wantedWidth;
    private int wantedHeight;
    /** What to offer once there is a session. */
    private ClipboardEvent.Offer offer = new ClipboardEvent.Offer(false);

    private boolean closed;

    /**
     * @param password for servers that want one, or null; cleared when it was used and by {@link #close}
     * @param active whether somebody looks on
     */
    RfbClient(GuestDisplay.Listener listener, char[] password, Setup setup, boolean active) {
        this.listener = listener;
        this.setup = setup;
        this.active = active;
        handshake = new RfbHandshake(password);
    }

    /** Whether the handshake is over. */
    boolean isReady() {
        return session != null;
    }

    /** Whether the server is QEMU's, once {@link #isReady}. */
    boolean isQemu() {
        return session.isQemu();
    }

    /**
     * Reads what it can. What it leaves in the buffer it wants to see again, with more behind it or, if it {@link
     * #isPaused}, as it is.
     *
     * @param now in nanoseconds from any fixed point
     */
    void receive(ByteBuf in, ByteBuf out, long now) {
        if (closed) {
            in.skipBytes(in.readableBytes()); // a channel that closes passes on what it has
            return;
        }
        if (session == null) {
            RfbHandshake.ServerInit init = handshake.receive(in, out);
            if (init == null) {
                return;
            }
            session = new RfbSession(init, listener, setup, active, out, now);
            if (wantedWidth != 0) {
                session.requestSize(wantedWidth, wantedHeight, out);
            }
            if (offer.text()) {
                session.clipboard(offer, out);
            }
            session.listen(listening, out);
        }
        session.receive(in, out, now);
    }

    /** Whether it stopped reading for the sake of other displays, to go on soon. */
    boolean isPaused() {
        return session != null && session.isPaused();
    }

    /** Nothing will arrive any more. */
    void end(ByteBuf rest) {
        if (!isReady()) {
            throw new RfbException("closed the connection before it showed a screen" + whyItMayHaveEnded());
        }
        boolean torn = !isPaused() && (rest.isReadable() || session.isInsideMessage());
        throw new RfbException(
                "closed the connection" + (torn ? " in the middle of a message" : "") + whyItMayHaveEnded());
    }

    /**
     * What to add where the server has ended the connection without a word; RFB has none for it. Servers end it in the middle
     * of a message, too: QEMU drops what it has not sent yet.
     */
    String whyItMayHaveEnded() {
        if (isReady()) {
            return "; VNC servers do so when they end, and when another client takes the display for itself";
        }
        return handshake.isLetIn() ? "; VNC servers do so while another client has the display for itself" : "";
    }

    void setActive(boolean nowActive, ByteBuf out) {
        active = nowActive;
        if (session != null) {
            session.setActive(nowActive, out);
        }
    }

    void requestSize(int width, int height, ByteBuf out) {
        wantedWidth = Math.max(1, Math.min(width, Surface.MAX_EDGE));
        wantedHeight = Math.max(1, Math.min(height, Surface.MAX_EDGE));
        if (session != null) {
            session.requestSize(wantedWidth, wantedHeight, out);
        }
    }

    /** Whether somebody listens to the guest. */
    void listen(boolean somebody, ByteBuf out) {
        listening = somebody;
        if (session != null) {
            session.listen(somebody, out);
        }
    }

    /** What the viewers' clipboard says; what they offer is kept while there is no session. */
    void clipboard(ClipboardEvent event, ByteBuf out) {
        if (session != null) {
            session.clipboard(event, out);
        } else if (event instanceof ClipboardEvent.Offer newest) {
            offer = newest;
        }
    }

    /**
     * Input is dropped while there is no session to take it.
     *
     * @param congested whether the server does not keep up: motion is then only noted, and sent with the next event
     */
    void send(InputEvent event, boolean congested, ByteBuf out) {
        if (session != null) {
            session.send(event, congested, out);
        }
    }

    @Override
    public void close() {
        closed = true;
        handshake.wipe();
        if (session != null) {
            session.close();
        }
    }
}
