// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.console;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.rdpmux.display.ArrayFramebuffer;

/** Whose window decides how large the guest's screen is. The guest's screen is 300x200 at first. */
class SizeControlTest {

    private final TestConsole test = new TestConsole();
    private final FakeClient first = test.joined();

    @AfterEach
    void close() {
        test.close();
    }

    private void wants(FakeClient client, int width, int height) {
        client.post(new ToConsole.SizeWanted(width, height));
        test.loop.run();
    }

    private void guestHas(int width, int height) {
        test.display().listener.resized(new ArrayFramebuffer(width, height));
        test.loop.run();
    }

    private List<String> asked() {
        return test.display().sizes;
    }

    @Test
    void asksTheGuestAtOnce() {
        wants(first, 800, 600);
        assertEquals(List.of("800x600"), asked());
    }

    @Test
    void asksForTheNewestSizeOnceTheGuestHasAnswered() {
        wants(first, 800, 600);
        wants(first, 810, 600);
        wants(first, 820, 600);
        assertEquals(List.of("800x600"), asked(), "one at a time");
        guestHas(800, 600);
        test.loop.pass(SizeControl.PAUSE_NANOS);
        assertEquals(List.of("800x600", "820x600"), asked());
        guestHas(820, 600);
        test.loop.pass(2 * SizeControl.ANSWER_NANOS);
        assertEquals(List.of("800x600", "820x600"), asked());
    }

    @Test
    void doesNotAskAGuestAgainThatIgnoresIt() {
        wants(first, 800, 600);
        test.loop.pass(2 * SizeControl.ANSWER_NANOS);
        wants(first, 800, 600);
        test.loop.pass(2 * SizeControl.ANSWER_NANOS);
        assertEquals(List.of("800x600"), asked());
        wants(first, 700, 600);
        assertEquals(List.of("800x600", "700x600"), asked(), "another size may do");
    }

    @Test
    void asksAgainForASizeThatTheGuestHadAndGaveUp() {
        wants(first, 800, 600);
        guestHas(800, 600);
        guestHas(1024, 768);
        test.loop.pass(SizeControl.ANSWER_NANOS);
        wants(first, 800, 600);
        assertEquals(List.of("800x600", "800x600"), asked());
    }

    @Test
    void asksNothingForTheSizeThatThereIs() {
        wants(first, 300, 200);
        assertEquals(List.of(), asked());
    }

    @Test
    void firstViewerToAskDecidesUntilItLeaves() {
        FakeClient second = test.joined();
        wants(second, 800, 600);
        wants(first, 640, 480);
        test.loop.pass(2 * SizeControl.ANSWER_NANOS);
        assertEquals(List.of("800x600"), asked());
        second.post(new ToConsole.Left());
        wants(first, 640, 480);
        assertEquals(List.of("800x600", "640x480"), asked());
    }

    @Test
    void guestGetsItsOwnSizeBackWhenNobodyLooksOn() {
        FakeClient second = test.joined();
        wants(first, 800, 600);
        guestHas(800, 600);
        first.post(new ToConsole.Left());
        test.loop.run();
        assertEquals(List.of("800x600"), asked(), "somebody still looks on");
        second.post(new ToConsole.Left());
        test.loop.run();
        assertEquals(List.of("800x600", "300x200"), asked());
    }

    @Test
    void doesNotAskForMoreThanCanBeShown() {
        wants(first, 8192, 8192);
        assertEquals(List.of(), asked());
    }

    @Test
    void whoHasLeftDoesNotDecide() {
        FakeClient second = test.joined();
        second.post(new ToConsole.Left());
        test.loop.run();
        wants(second, 800, 600);
        wants(first, 640, 480);
        assertEquals(List.of("640x480"), asked());
    }

    @Test
    void waitsForTheGuestsScreen() {
        test.display().listener.failed("gone");
        test.loop.run();
        wants(first, 800, 600);
        test.loop.pass(SizeControl.ANSWER_NANOS);
        assertEquals(List.of(), asked());
        guestHas(300, 200);
        assertEquals(List.of("800x600"), asked());
    }
}
