// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.channel;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.rdpmux.display.ClipboardEvent;
import org.rdpmux.pdu.Pdu;
import org.rdpmux.pdu.PduException;
import org.rdpmux.pdu.cliprdr.ClipboardCapabilities;
import org.rdpmux.pdu.cliprdr.ClipboardPdu;
import org.rdpmux.pdu.cliprdr.FormatDataRequest;
import org.rdpmux.pdu.cliprdr.FormatDataResponse;
import org.rdpmux.pdu.cliprdr.FormatList;
import org.rdpmux.pdu.cliprdr.FormatListResponse;
import org.rdpmux.pdu.cliprdr.MonitorReady;

/**
 * The clipboard channel ([MS-RDPECLIP]): text in both directions, announced by format lists and fetched when it is pasted. Of
 * what either end says, one message at most is under way: a list waits for the answer to the one before, and the newest counts.
 * Used by one thread.
 */
public final class ClipboardChannel implements Channel {

    /** Bounds what comes unasked: a format list of {@link FormatList#MAX_FORMATS} with names of a common length. */
    public static final int MAX_UNASKED = 64 << 10;

    /** Requests that a client may have made before the first is answered: one for each format that it pastes as. */
    private static final int MAX_REQUESTS = 16;

    /** Who uses the clipboard. */
    public interface Listener {

        /** The client's clipboard says something; its first offer says that it has one. */
        void clipboard(ClipboardEvent event);

        /** The client has no clipboard any more. */
        void clipboardClosed();
    }

    private final int maxBytes;
    private boolean longNames;
    private boolean ready;
    private boolean closed;
    /** The client owes an answer to a format list. */
    private boolean listed;
    /** The offer that follows it; null for none. */
    private ClipboardEvent.Offer next;
    /** The client owes text. */
    private boolean requested;
    /** It has copied something else since, and can be asked again: clients may tell of one copy twice (FreeRDP 2). */
    private boolean renewed;
    /** How many answers the client is owed. */
    private int owed;
    /** What the listener was not told yet, one of each kind at most. */
    private List<ClipboardEvent> news = new ArrayList<>();

    /** @param maxBytes of a text at most, as it is on the wire */
    public ClipboardChannel(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    @Override
    public String name() {
        return ClipboardPdu.CHANNEL;
    }

    @Override
    public Priority priority() {
        return Priority.LOW;
    }

    /** Text comes only if it was asked for. */
    @Override
    public int maxMessage() {
        return requested ? maxBytes + MAX_UNASKED : MAX_UNASKED;
    }

    @Override
    public List<Pdu> open(long now) {
        return List.of(
                new ClipboardCapabilities(ClipboardCapabilities.VERSION_2, ClipboardCapabilities.LONG_FORMAT_NAMES),
                new MonitorReady());
    }

    @Override
    public List<Pdu> message(ByteBuf message, long now) {
        ClipboardPdu pdu = ClipboardPdu.decode(message, longNames);
        if (pdu instanceof ClipboardCapabilities caps) {
            longNames = caps.has(ClipboardCapabilities.LONG_FORMAT_NAMES);
        } else if (pdu instanceof FormatList list) {
            ready = true;
            renewed = true;
            note(new ClipboardEvent.Offer(list.hasText()));
            return List.of(new FormatListResponse(true));
        } else if (pdu instanceof FormatListResponse) {
            listed = false;
            if (next != null) {
                ClipboardEvent.Offer offer = next;
                next = null;
                return say(offer);
            }
        } else if (pdu instanceof FormatDataRequest request) {
            return asked(request);
        } else if (pdu instanceof FormatDataResponse response && requested) {
            requested = false;
            boolean fits = 2L * response.text().length() <= maxBytes;
            note(fits ? new ClipboardEvent.Text(withLineFeeds(response.text())) : ClipboardEvent.EMPTY);
        }
        return List.of();
    }

    private List<Pdu> asked(FormatDataRequest request) {
        PduException.range(owed, 0, MAX_REQUESTS - 1, "CLIPRDR_FORMAT_DATA_REQUEST", "number of requests");
        owed++;
        if (owed > 1) {
            return List.of(); // answered in its turn
        }
        if (request.formatId() != FormatList.UNICODE_TEXT) {
            return say(ClipboardEvent.EMPTY);
        }
        note(new ClipboardEvent.Request());
        return List.of();
    }

    /** A text that is longer than it may be: as if there were none. */
    @Override
    public boolean passOver() {
        if (requested) {
            requested = false;
            note(ClipboardEvent.EMPTY);
        }
        return true;
    }

    private void note(ClipboardEvent event) {
        news.removeIf(earlier -> earlier.getClass() == event.getClass());
        news.add(event);
    }

    /** What the guest's clipboard says. @return what to send to the client */
    public List<Pdu> say(ClipboardEvent event) {
        if (event instanceof ClipboardEvent.Offer offer) {
            if (listed) {
                next = offer;
                return List.of();
            }
            listed = offer.text(); // an empty list is not answered by all clients (FreeRDP 3)
            return List.of(FormatList.ofText(offer.text(), longNames));
        }
        if (event instanceof ClipboardEvent.Text text) {
            return answer(text.text());
        }
        if (requested && !renewed) {
            return List.of();
        }
        requested = true;
        renewed = false;
        return List.of(new FormatDataRequest(FormatList.UNICODE_TEXT));
    }

    /** Answers the oldest request; those that were made meanwhile fail, and the client may ask again. */
    private List<Pdu> answer(String text) {
        String lines = text.replace("\n", "\r\n");
        boolean fits = !text.isEmpty() && text.indexOf('\0') < 0 && 2L * lines.length() <= maxBytes;
        List<Pdu> answers = new ArrayList<>();
        for (int i = 0; i < owed; i++) {
            answers.add(i == 0 && fits ? new FormatDataResponse(true, lines) : FormatDataResponse.FAILED);
        }
        owed = 0;
        return answers;
    }

    private static String withLineFeeds(String text) {
        return text.replace("\r\n", "\n");
    }

    @Override
    public void close() {
        closed = true;
        news.clear();
    }

    /** Tells what has happened since the last call. */
    public void tell(Listener listener) {
        if (closed && ready) {
            ready = false;
            listener.clipboardClosed();
        }
        if (!news.isEmpty()) {
            List<ClipboardEvent> told = news;
            news = new ArrayList<>();
            told.forEach(listener::clipboard);
        }
    }
}
