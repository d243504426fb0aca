// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.rdpmux.display.SoundBlock;

/** What a guest plays, and who hears it. */
class SoundControlTest {

    private final TestConsole guest = new TestConsole();

    @AfterEach
    void close() {
        guest.close();
    }

    private void listens(FakeClient viewer, boolean sound) {
        viewer.post(new ToConsole.Listens(sound));
        guest.loop.run();
    }

    private static SoundBlock block(int first) {
        return new SoundBlock(new byte[] {(byte) first, 0, 0, 0});
    }

    private void plays(SoundBlock block) {
        guest.display().listener.sound(block);
    }

    @Test
    void allWhoListenAreGivenTheSameBytesAndOthersNothing() {
        FakeClient first = guest.joined();
        FakeClient second = guest.joined();
        FakeClient deaf = guest.joined();
        listens(first, true);
        listens(second, true);
        SoundBlock block = block(1);
        plays(block);
        guest.loop.run();
        assertSame(block, first.heard.get(0));
        assertSame(block, second.heard.get(0));
        assertEquals(List.of(), deaf.heard);
    }

    @Test
    void theDisplayIsAskedForSoundOnlyWhileSomebodyListens() {
        FakeClient first = guest.joined();
        FakeClient second = guest.joined();
        assertEquals(List.of(), guest.display().listening);
        listens(first, true);
        listens(second, true);
        listens(first, false);
        assertEquals(List.of(true), guest.display().listening);
        second.post(new ToConsole.Left());
        guest.loop.run();
        assertEquals(List.of(true, false), guest.display().listening);
        listens(second, true);
        assertEquals(List.of(true, false), guest.display().listening, "it has left");
    }

    @Test
    void aDisplayThatIsOpenedAnewIsListenedTo() {
        FakeClient viewer = guest.joined();
        listens(viewer, true);
        guest.display().listener.failed("gone");
        guest.loop.pass(DisplayKeeper.FIRST_PAUSE_NANOS);
        assertEquals(List.of(true), guest.display().listening);
        guest.display().listener.resized(guest.guest);
        plays(block(2));
        guest.loop.run();
        assertEquals(1, viewer.heard.size());
    }

    @Test
    void ofWhatNobodyTakesTheOldestIsLeftOut() {
        FakeClient viewer = guest.joined();
        listens(viewer, true);
        List<SoundBlock> blocks = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            blocks.add(block(i));
            plays(blocks.get(i));
        }
        guest.loop.run();
        assertEquals(blocks.subList(100 - DisplayInbox.MAX_SOUND, 100), viewer.heard);
    }

    @Test
    void ofWhatAViewersConnectionDoesNotTakeTheOldestIsLeftOut() {
        List<SoundBlock> first = List.of(block(1), block(2));
        List<SoundBlock> later = new ArrayList<>();
        for (int i = 0; i < DisplayInbox.MAX_SOUND - 1; i++) {
            later.add(block(i));
        }
        ToViewer joined = new ToViewer.Sound(later).after(new ToViewer.Sound(first));
        List<SoundBlock> kept = new ArrayList<>(first.subList(1, 2));
        kept.addAll(later);
        assertEquals(new ToViewer.Sound(kept), joined);
    }
}
