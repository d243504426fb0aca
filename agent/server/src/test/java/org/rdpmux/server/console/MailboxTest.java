// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.rdpmux.display.Rect;
import org.rdpmux.server.DisconnectReason;

class MailboxTest {

    @Test
    void ofEachKindOneWaitsAndTheReaderIsWokenOnce() {
        Mailbox<ToConsole> mailbox = new Mailbox<>();
        assertTrue(mailbox.post(new ToConsole.Acknowledged(1, 0)));
        assertFalse(mailbox.post(new ToConsole.Drained(10)));
        for (int frame = 2; frame < 1000; frame++) {
            assertFalse(mailbox.post(new ToConsole.Acknowledged(frame, 0)));
            assertFalse(mailbox.post(new ToConsole.Drained(10)));
        }
        assertEquals(new ToConsole.Acknowledged(999, 0), mailbox.poll());
        assertEquals(new ToConsole.Drained(9990), mailbox.poll());
        assertFalse(mailbox.post(new ToConsole.Left()), "the reader has not found it empty yet");
        assertEquals(new ToConsole.Left(), mailbox.poll());
        assertNull(mailbox.poll());
        assertTrue(mailbox.post(new ToConsole.Left()));
    }

    @Test
    void areasToRefreshAreJoined() {
        Mailbox<ToConsole> mailbox = new Mailbox<>();
        mailbox.post(ToConsole.Refresh.of(List.of(new Rect(0, 0, 10, 10))));
        mailbox.post(ToConsole.Refresh.of(List.of(new Rect(50, 0, 10, 10))));
        ToConsole.Refresh refresh = (ToConsole.Refresh) mailbox.poll();
        assertEquals(200, refresh.areas().area());
    }

    @Test
    void theFirstReasonToSendAViewerAwayCounts() {
        Mailbox<ToViewer> mailbox = new Mailbox<>();
        mailbox.post(new ToViewer.Disconnect(DisconnectReason.ADMINISTRATOR));
        mailbox.post(new ToViewer.Disconnect(DisconnectReason.SERVER_STOPPED));
        assertEquals(new ToViewer.Disconnect(DisconnectReason.ADMINISTRATOR), mailbox.poll());
    }
}
