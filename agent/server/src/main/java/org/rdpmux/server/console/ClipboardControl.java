// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.console;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.rdpmux.display.ClipboardEvent;
import org.rdpmux.server.ClipboardPolicy;

/**
 * Ties the guest's clipboard to that of one viewer, the controller: of those that may type and have a clipboard, the one that
 * came first, until it leaves. Others hear nothing of it. What is copied is only announced; text is fetched when it is pasted,
 * one at a time in each direction. Lives on the console's thread.
 *
 * <p>INVARIANT: nothing of a viewer's clipboard stays here, so that the next controller gets at no more than the guest itself
 * still offers.
 *
 * <p>Has more fields than most classes: what each end offers, and what each owes the other.
 */
final class ClipboardControl {

    /** How long one end may take to answer the other, over a slow link. Who pastes has given up before. */
    static final long ANSWER_NANOS = TimeUnit.SECONDS.toNanos(30);

    /** The least time between two offers to the guest, some of which take the whole text at once. */
    static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final ConsoleLoop loop;
    private final DisplayKeeper keeper;
    private final ClipboardPolicy policy;
    private final ClipboardAudit audit;
    private final Deadline offerDue;
    private final Answer fromViewer;
    private final Answer fromGuest;
    /** Whether a viewer with a clipboard has text, in the order in which the viewers came. */
    private final Map<Viewer, Boolean> offers = new LinkedHashMap<>();

    private boolean running;
    /** Whether the guest has text that it copied itself. */
    private boolean guestOffers;
    /** Whether the guest's clipboard holds what a viewer has. */
    private boolean guestHoldsViewers;
    /** Whether the controller's clipboard holds what the guest has. */
    private boolean viewerHoldsGuests;

    private long offeredAt = -PAUSE_NANOS;

    /** An answer that one end owes. */
    private final class Answer {
        private final Deadline deadline;

        /** @param giveUp runs when none has come in time */
        Answer(Runnable giveUp) {
            deadline = new Deadline(loop, giveUp);
        }

        /** @return false if one is due already */
        boolean expect() {
            boolean first = !deadline.isSet();
            if (first) {
                deadline.set(loop.now() + ANSWER_NANOS);
            }
            return first;
        }

        /** It came, or is no longer waited for. @return false if none was due */
        boolean settle() {
            boolean due = deadline.isSet();
            deadline.set(Deadline.NEVER);
            return due;
        }
    }

    ClipboardControl(ConsoleLoop loop, DisplayKeeper keeper, ClipboardPolicy policy, ClipboardAudit audit) {
        this.loop = loop;
        this.keeper = keeper;
        this.policy = policy;
        this.audit = audit;
        this.offerDue = new Deadline(loop, this::offerToGuest);
        this.fromViewer = new Answer(() -> keeper.send(ClipboardEvent.EMPTY));
        this.fromGuest = new Answer(() -> tellController(ClipboardEvent.EMPTY));
    }

    ClipboardPolicy policy() {
        return policy;
    }

    /** Null if there is none. */
    private Viewer controller() {
        return offers.isEmpty() ? null : offers.keySet().iterator().next();
    }

    private boolean controllerOffers() {
        return !offers.isEmpty() && offers.get(controller());
    }

    private void tellController(ClipboardEvent event) {
        if (controller() != null) {
            controller().outbox().post(new ToViewer.Clipboard(event));
        }
    }

    // ---- viewers ----

    /** A viewer that may type says something of its clipboard; who has left says nothing. */
    void heard(Viewer viewer, ClipboardEvent event) {
        if (!policy.isOn() || viewer.stage() == ViewerStage.GONE) {
            return;
        }
        if (event instanceof ClipboardEvent.Offer offer) {
            boolean joins = offers.put(viewer, offer.text()) == null;
            if (viewer == controller()) {
                viewerHoldsGuests = false;
                if (joins) {
                    takeOver();
                } else {
                    offerToGuest();
                }
            }
        } else if (event instanceof ClipboardEvent.Request) {
            asked(viewer);
        } else if (event instanceof ClipboardEvent.Text text && viewer == controller()) {
            answered(text);
        }
    }

    /** A viewer has become the controller: its clipboard replaces the guest's, if it has something. */
    private void takeOver() {
        offerToGuest();
        viewerHoldsGuests = false;
        offerToViewer(guestOffers);
    }

    /** A viewer that has copied something else since keeps that when the guest has nothing any more. */
    private void offerToViewer(boolean text) {
        if (policy.guestToClient() && controller() != null && (text || viewerHoldsGuests)) {
            viewerHoldsGuests = text;
            tellController(new ClipboardEvent.Offer(text));
        }
    }

    private void offerToGuest() {
        boolean text = controllerOffers() && policy.clientToGuest();
        if (!running || !text && !guestHoldsViewers) {
            return; // what the guest has copied itself stays
        }
        if (text && loop.now() < offeredAt + PAUSE_NANOS) {
            offerDue.set(offeredAt + PAUSE_NANOS);
            return;
        }
        offerDue.set(Deadline.NEVER);
        offeredAt = loop.now();
        guestHoldsViewers = text;
        guestOffers &= !text;
        keeper.send(new ClipboardEvent.Offer(text));
    }

    /** A viewer pastes. */
    private void asked(Viewer viewer) {
        if (viewer != controller() || !guestOffers || !policy.guestToClient()) {
            viewer.outbox().post(new ToViewer.Clipboard(ClipboardEvent.EMPTY));
        } else if (fromGuest.expect()) {
            keeper.send(new ClipboardEvent.Request());
        }
    }

    private void answered(ClipboardEvent.Text text) {
        if (fromViewer.settle()) {
            keeper.send(text);
            if (!text.text().isEmpty()) {
                audit.pastedByGuest(controller(), text.text().length());
            }
        }
    }

    /** A viewer has left, or has no clipboard any more. */
    void left(Viewer viewer) {
        boolean controlled = viewer == controller();
        offers.remove(viewer);
        if (controlled) {
            audit.finish();
            fromGuest.settle();
            if (fromViewer.settle()) {
                keeper.send(ClipboardEvent.EMPTY);
            }
            takeOver();
        }
    }

    // ---- the guest ----

    void guestSays(ClipboardEvent event) {
        if (!policy.isOn()) {
            return;
        }
        if (event instanceof ClipboardEvent.Offer offer) {
            guestOffers = offer.text();
            guestHoldsViewers &= !offer.text(); // its own has replaced it
            offerToViewer(guestOffers);
        } else if (event instanceof ClipboardEvent.Request) {
            if (!guestHoldsViewers) {
                keeper.send(ClipboardEvent.EMPTY);
            } else if (fromViewer.expect()) {
                tellController(event);
            }
        } else if (event instanceof ClipboardEvent.Text text && fromGuest.settle()) {
            tellController(text);
            if (!text.text().isEmpty()) {
                audit.pastedByClient(controller(), text.text().length());
            }
        }
    }

    /** The display is there, or has another size. */
    void displayRuns() {
        if (!running) {
            running = true;
            offerToGuest();
        }
    }

    /** The display has ended, and with it what the guest had offered and asked. */
    void displayGone() {
        running = false;
        guestHoldsViewers = false;
        offerDue.set(Deadline.NEVER);
        fromViewer.settle();
        if (fromGuest.settle()) {
            tellController(ClipboardEvent.EMPTY);
        }
        guestOffers = false;
        offerToViewer(false);
    }
}
