// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.librdpmux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.RandomAccessFile;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;
import org.rdpmux.display.Framebuffer;
import org.rdpmux.display.GuestDisplay;
import org.rdpmux.display.Rect;

/** What is seen of a guest: modes, damage, and shared memory that comes, goes and lies. */
class GuestScreenTest extends WatchedGuestFixture {

    @Test
    void clipsDamageAndReadsNonsenseAsEverything() throws Exception {
        GuestRegistration guest = guestWithMemory(ProtocolVersion.V5);
        watch(guest);
        try (ScriptedGuest script = fixture.connect(guest)) {
            script.send("9402" + MODE);
            awaitMode(1);
            fixture.paint(guest, 7, 0x10203);
            script.send("95010000cd1000cd1000");
            Wait.until("it is seen", () -> follower.pixels()[7] == 0x10203);
            fixture.paint(guest, 0, 0x40506);
            script.send("95010303cfffffffffffffffffcfffffffffffffffff");
            Wait.until("it is seen", () -> follower.pixels()[0] == 0x40506);
            long before = follower.damages.get();
            script.send("950105000101"); // beyond the screen
            script.send("950100000000"); // empty
            script.send("950100000101");
            Wait.until("the last one came", () -> follower.damages.get() == before + 1);
        }
    }

    @Test
    void readsAnyUpdateOverNanomsgAsTheWholeScreen() throws Exception {
        GuestRegistration guest = guestWithMemory(ProtocolVersion.V2);
        watch(guest);
        try (ScriptedGuest script = ScriptedGuest.overNanomsg(guest.socket())) {
            script.send("9401" + MODE);
            awaitMode(1);
            fixture.paint(guest, 7, 0x10203);
            script.send("950000000101");
            Wait.until("it is seen", () -> follower.pixels()[7] == 0x10203);
        }
    }

    @Test
    void followsModeChangesInTheSameMemory() throws Exception {
        GuestRegistration guest = guestWithMemory(ProtocolVersion.V5);
        watch(guest);
        try (ScriptedGuest script = fixture.connect(guest)) {
            script.send("9402" + MODE);
            awaitMode(1);
            assertTrue(follower.pointer);
            script.send("9402ce100205650808"); // r5g6b5
            awaitMode(2);
            assertNotSame(follower.modes.get(0), follower.modes.get(1));
            assertEquals(new Rect(0, 0, 8, 8), follower.framebuffer().bounds());
            try (RandomAccessFile file =
                    new RandomAccessFile(fixture.memoryOf(guest).toFile(), "rw")) {
                file.write(new byte[] {0x00, (byte) 0xf8}); // red
            }
            script.send("950100000808");
            Wait.until("it is seen", () -> follower.pixels()[0] == 0xff0000);
        }
    }

    @Test
    void showsTheScreenToEachViewerThatComes() throws Exception {
        GuestRegistration guest = guestWithMemory(ProtocolVersion.V5);
        try (ScriptedGuest script = fixture.connect(guest)) {
            script.send("9402" + MODE);
            for (int i = 0; i < 5; i++) {
                ScreenFollower viewer = new ScreenFollower();
                fixture.paint(guest, 0, i + 1);
                try (GuestDisplay display = guest.openDisplay()) {
                    display.start(viewer);
                    int expected = i + 1;
                    Wait.until(
                            "viewer " + i + " sees it",
                            () -> !viewer.modes.isEmpty() && viewer.pixels()[0] == expected);
                }
            }
        }
    }

    @Test
    void damagesEverythingForAViewerThatLooksAgain() throws Exception {
        GuestRegistration guest = guestWithMemory(ProtocolVersion.V5);
        GuestDisplay display = watch(guest);
        try (ScriptedGuest script = fixture.connect(guest)) {
            script.send("9402" + MODE);
            awaitMode(1);
            display.setActive(false);
            fixture.paint(guest, 5, 0x777777); // and the update is told to nobody
            display.setActive(true);
            Wait.until("it is told", () -> follower.damages.get() == 1);
            assertEquals(0x777777, follower.pixels()[5]);
        }
    }

    @Test
    void waitsForMemoryThatComesLate() throws Exception {
        GuestRegistration guest = fixture.registered(fixture.claim(ProtocolVersion.V5));
        watch(guest);
        try (ScriptedGuest script = fixture.connect(guest)) {
            script.send("9402" + MODE);
            Files.createFile(fixture.memoryOf(guest)); // and is too small at first
            script.send("950100000402");
            assertTrue(follower.modes.isEmpty());
            fixture.shareMemory(guest);
            awaitMode(1);
            assertEquals(0, follower.shortReads.get());
        }
    }

    @Test
    void survivesMemoryTruncatedAndBroughtBack() throws Exception {
        GuestRegistration guest = guestWithMemory(ProtocolVersion.V5);
        watch(guest);
        try (ScriptedGuest script = fixture.connect(guest)) {
            script.send("9402" + MODE);
            awaitMode(1);
            Framebuffer framebuffer = follower.framebuffer();
            int[] target = new int[8];
            assertTrue(framebuffer.read(framebuffer.bounds(), target, 0, 4));
            try (RandomAccessFile file =
                    new RandomAccessFile(fixture.memoryOf(guest).toFile(), "rw")) {
                file.setLength(5);
            }
            assertFalse(framebuffer.read(framebuffer.bounds(), target, 0, 4));
            assertTrue(framebuffer.read(new Rect(0, 0, 1, 1), target, 0, 4));
            fixture.shareMemory(guest);
            fixture.paint(guest, 6, 0x60606);
            script.send("950100000402");
            Wait.until("it is seen", () -> follower.pixels()[6] == 0x60606);
            assertSame(framebuffer, follower.framebuffer());
        }
    }

    @Test
    void keepsMemoryThatIsUnlinkedOrReplaced() throws Exception {
        GuestRegistration guest = guestWithMemory(ProtocolVersion.V5);
        watch(guest);
        try (ScriptedGuest script = fixture.connect(guest);
                RandomAccessFile original =
                        new RandomAccessFile(fixture.memoryOf(guest).toFile(), "rw")) {
            script.send("9402" + MODE);
            awaitMode(1);
            Files.delete(fixture.memoryOf(guest));
            original.write(new byte[] {1, 0, 0, 0});
            script.send("950100000402");
            Wait.until("it is seen", () -> follower.pixels()[0] == 1);
            fixture.shareMemory(guest);
            fixture.paint(guest, 0, 0x999999);
            original.seek(0);
            original.write(new byte[] {2, 0, 0, 0});
            script.send("9402" + MODE);
            script.send("950100000402");
            Wait.until("it is seen", () -> follower.pixels()[0] == 2);
        }
    }

    @Test
    void showsTheLastOfManyModesButNotAllOfThem() throws Exception {
        GuestRegistration guest = guestWithMemory(ProtocolVersion.V5);
        watch(guest);
        try (ScriptedGuest script = fixture.connect(guest)) {
            long start = System.nanoTime();
            StringBuilder flood = new StringBuilder();
            for (int i = 0; i < 500; i++) {
                flood.append(script.framed("9402ce200208880408")).append(script.framed("9402" + MODE));
            }
            script.sendRaw(flood + script.framed("9402ce200208880304"));
            Wait.until(
                    "the last mode is shown",
                    () -> !follower.modes.isEmpty() && follower.framebuffer().width() == 3);
            long intervals = (System.nanoTime() - start) / 1_000_000 / GuestScreen.MODE_INTERVAL_MILLIS;
            assertTrue(follower.modes.size() <= intervals + 2, follower.modes.size() + " modes in " + intervals);
            fixture.paint(guest, 0, 0x10203);
            script.send("950100000304");
            Wait.until("the screen goes on", () -> follower.pixels()[0] == 0x10203);
        }
    }
}
