// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.rdpmux.display.ArrayFramebuffer;
import org.rdpmux.display.ClipboardEvent;
import org.rdpmux.security.access.AuditEvent;
import org.rdpmux.server.ClipboardPolicy;

/** Whose clipboard is tied to the guest's, and what goes which way. */
class ClipboardControlTest {

    private static final ClipboardEvent OFFER = new ClipboardEvent.Offer(true);
    private static final ClipboardEvent REQUEST = new ClipboardEvent.Request();
    private static final ClipboardEvent SECRET = new ClipboardEvent.Text("secret");

    private TestConsole test = new TestConsole();
    private FakeClient first = test.joined();

    @AfterEach
    void close() {
        test.close();
    }

    /** Begins anew under another policy. */
    private void with(boolean guestToClient, boolean clientToGuest) {
        test.close();
        test = new TestConsole(new ClipboardPolicy(guestToClient, clientToGuest, 1000));
        first = test.joined();
    }

    private void says(FakeClient client, ClipboardEvent... events) {
        for (ClipboardEvent event : events) {
            client.post(new ToConsole.Clipboard(event));
        }
        test.loop.run();
    }

    private void guestSays(ClipboardEvent event) {
        test.display().listener.clipboard(event);
        test.loop.run();
    }

    private void leaves(FakeClient client) {
        client.post(new ToConsole.Left());
        test.loop.run();
    }

    /** What the guest was told since the last call. */
    private List<ClipboardEvent> guestHeard() {
        List<ClipboardEvent> heard = List.copyOf(test.display().clipboard);
        test.display().clipboard.clear();
        return heard;
    }

    /** Likewise a client, of the clipboard. */
    private static List<String> heard(FakeClient client) {
        List<String> heard = client.told.stream()
                .filter(each -> each.startsWith("clipboard"))
                .toList();
        client.told.removeAll(heard);
        return heard;
    }

    private static String told(ClipboardEvent event) {
        return "clipboard " + event;
    }

    private List<String> audited() {
        List<String> lines = test.audited.stream().map(AuditEvent::line).toList();
        test.audited.clear();
        return lines;
    }

    @Test
    void guestPastesWhatTheControllerCopied() {
        says(first, OFFER);
        assertEquals(List.of(OFFER), guestHeard());
        assertEquals(List.of(), heard(first), "nobody pastes: nothing is fetched");
        guestSays(REQUEST);
        assertEquals(List.of(told(REQUEST)), heard(first));
        says(first, SECRET);
        assertEquals(List.of(SECRET), guestHeard());
        List<String> audited = audited();
        assertEquals(1, audited.size());
        assertTrue(audited.get(0).startsWith("event=clipboard-to-guest result=allowed"), audited.get(0));
        assertTrue(audited.get(0).endsWith("times=1 characters=6"), audited.get(0));
        assertFalse(audited.get(0).contains("secret"), audited.get(0));
    }

    @Test
    void controllerPastesWhatTheGuestCopied() {
        says(first, ClipboardEvent.NOTHING);
        guestSays(OFFER);
        assertEquals(List.of(told(OFFER)), heard(first));
        assertEquals(List.of(), guestHeard(), "nobody pastes: nothing is fetched");
        says(first, REQUEST);
        assertEquals(List.of(REQUEST), guestHeard());
        guestSays(SECRET);
        assertEquals(List.of(told(SECRET)), heard(first));
        assertTrue(audited().get(0).startsWith("event=clipboard-to-client"));
    }

    @Test
    void othersThanTheControllerHearAndAreHeardOfNothing() {
        FakeClient second = test.joined();
        says(first, ClipboardEvent.NOTHING);
        says(second, OFFER);
        guestSays(OFFER);
        guestSays(REQUEST);
        assertEquals(List.of(), heard(second));
        assertEquals(List.of(ClipboardEvent.EMPTY), guestHeard());
        says(second, REQUEST);
        assertEquals(List.of(told(ClipboardEvent.EMPTY)), heard(second), "its paste comes to nothing at once");
        says(second, SECRET);
        assertEquals(List.of(), guestHeard());
        assertEquals(List.of(), audited());
    }

    @Test
    void nextControllerGetsAtNothingThatTheLastCopied() {
        FakeClient second = test.joined();
        says(first, OFFER);
        says(second, ClipboardEvent.NOTHING);
        guestSays(REQUEST);
        guestHeard();
        leaves(first);
        assertEquals(List.of(ClipboardEvent.EMPTY, ClipboardEvent.NOTHING), guestHeard());
        assertEquals(List.of(), heard(second));
        says(second, REQUEST);
        assertEquals(List.of(told(ClipboardEvent.EMPTY)), heard(second));
    }

    @Test
    void nextControllerIsOfferedWhatTheGuestStillOffers() {
        FakeClient second = test.joined();
        says(first, ClipboardEvent.NOTHING);
        says(second, ClipboardEvent.NOTHING);
        guestSays(OFFER);
        leaves(first);
        assertEquals(List.of(told(OFFER)), heard(second));
    }

    @Test
    void controllerWhoseChannelEndsMakesWay() {
        FakeClient second = test.joined();
        says(first, OFFER);
        says(second, OFFER);
        guestHeard();
        first.post(new ToConsole.ClipboardClosed());
        test.loop.pass(ClipboardControl.PAUSE_NANOS);
        assertEquals(List.of(OFFER), guestHeard());
        guestSays(REQUEST);
        assertEquals(List.of(), heard(first));
        assertEquals(List.of(told(REQUEST)), heard(second));
    }

    @Test
    void nothingReachesTheGuestIfThePolicyForbidsIt() {
        with(true, false);
        says(first, OFFER);
        guestSays(REQUEST);
        assertEquals(List.of(ClipboardEvent.EMPTY), guestHeard());
        assertEquals(List.of(), heard(first));
        guestSays(OFFER);
        assertEquals(List.of(told(OFFER)), heard(first));
    }

    @Test
    void nothingReachesTheClientIfThePolicyForbidsIt() {
        with(false, true);
        says(first, ClipboardEvent.NOTHING);
        guestSays(OFFER);
        assertEquals(List.of(), heard(first));
        says(first, REQUEST);
        assertEquals(List.of(told(ClipboardEvent.EMPTY)), heard(first));
        assertEquals(List.of(), guestHeard());
        says(first, OFFER);
        assertEquals(List.of(OFFER), guestHeard());
    }

    @Test
    void displayIsNotAskedForItsClipboardIfItIsOff() {
        assertEquals(1000, test.display().clipboardBytes);
        with(false, false);
        assertEquals(0, test.display().clipboardBytes);
        says(first, OFFER);
        guestSays(OFFER);
        assertEquals(List.of(), guestHeard());
        assertEquals(List.of(), heard(first));
    }

    @Test
    void flushOfOffersReachesTheGuestAtAPace() {
        for (int i = 0; i < 1000; i++) {
            says(first, OFFER);
        }
        assertEquals(List.of(OFFER), guestHeard());
        test.loop.pass(ClipboardControl.PAUSE_NANOS);
        assertEquals(List.of(OFFER), guestHeard(), "the last of them counts");
        test.loop.pass(10 * ClipboardControl.PAUSE_NANOS);
        assertEquals(List.of(), guestHeard());
    }

    @Test
    void oneRequestAtATimeIsUnderWay() {
        says(first, OFFER);
        guestHeard();
        guestSays(REQUEST);
        guestSays(REQUEST);
        assertEquals(List.of(told(REQUEST)), heard(first));
        guestSays(OFFER);
        heard(first);
        says(first, REQUEST);
        says(first, REQUEST);
        assertEquals(List.of(REQUEST), guestHeard());
    }

    @Test
    void endThatDoesNotAnswerIsGivenUp() {
        says(first, OFFER);
        guestHeard();
        guestSays(REQUEST);
        test.loop.pass(ClipboardControl.ANSWER_NANOS);
        assertEquals(List.of(ClipboardEvent.EMPTY), guestHeard());
        says(first, SECRET);
        assertEquals(List.of(), guestHeard(), "nobody waits for it any more");
        guestSays(OFFER);
        says(first, REQUEST);
        heard(first);
        test.loop.pass(ClipboardControl.ANSWER_NANOS);
        assertEquals(List.of(told(ClipboardEvent.EMPTY)), heard(first));
        guestSays(SECRET);
        assertEquals(List.of(), heard(first));
    }

    @Test
    void whatTheGuestCopiesReplacesWhatTheClientHad() {
        says(first, OFFER);
        guestSays(OFFER);
        guestHeard();
        leaves(first);
        assertEquals(List.of(), guestHeard(), "the guest keeps its own");
    }

    /** TigerVNC says so of what a viewer's has replaced. */
    @Test
    void clientKeepsWhatItHasCopiedSinceWhenTheGuestHasNothingAnyMore() {
        says(first, ClipboardEvent.NOTHING);
        guestSays(OFFER);
        says(first, OFFER);
        heard(first);
        guestSays(ClipboardEvent.NOTHING);
        assertEquals(List.of(), heard(first));
        guestSays(OFFER);
        guestSays(ClipboardEvent.NOTHING);
        assertEquals(List.of(told(OFFER), told(ClipboardEvent.NOTHING)), heard(first));
    }

    @Test
    void displayThatIsBackIsOfferedWhatTheClientHas() {
        says(first, OFFER);
        guestSays(OFFER);
        says(first, OFFER);
        test.loop.pass(ClipboardControl.PAUSE_NANOS);
        guestSays(OFFER);
        says(first, REQUEST);
        heard(first);
        test.display().listener.failed("gone");
        test.loop.run();
        assertEquals(List.of(told(ClipboardEvent.EMPTY), told(ClipboardEvent.NOTHING)), heard(first));
        test.loop.pass(DisplayKeeper.FIRST_PAUSE_NANOS);
        assertEquals(List.of(), guestHeard());
        test.display().listener.resized(new ArrayFramebuffer(300, 200));
        test.loop.run();
        assertEquals(List.of(OFFER), guestHeard());
    }

    @Test
    void whoHasLeftDoesNotControl() {
        FakeClient second = test.joined();
        leaves(second);
        says(second, OFFER);
        assertEquals(List.of(), guestHeard());
    }

    @Test
    void manyCopiesAreAuditedAsASum() {
        says(first, OFFER);
        for (int i = 0; i < 5; i++) {
            guestSays(REQUEST);
            says(first, SECRET);
        }
        assertEquals(1, audited().size());
        test.loop.pass(ClipboardAudit.SUM_NANOS);
        List<String> rest = audited();
        assertEquals(1, rest.size());
        assertTrue(rest.get(0).endsWith("times=4 characters=24"), rest.get(0));
        test.loop.pass(2 * ClipboardAudit.SUM_NANOS);
        guestSays(REQUEST);
        says(first, SECRET);
        assertEquals(1, audited().size(), "at once again");
        guestSays(REQUEST);
        says(first, SECRET);
        leaves(first);
        assertEquals(1, audited().size(), "with the end of the viewer");
    }
}
