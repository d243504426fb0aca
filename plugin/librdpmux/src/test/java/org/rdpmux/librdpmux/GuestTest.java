// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.librdpmux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HexFormat;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.rdpmux.display.GuestDisplay;
import org.rdpmux.display.InputEvent;
import org.rdpmux.display.PointerButton;
import org.rdpmux.display.Rect;
import org.rdpmux.display.Scancode;

class GuestTest extends WatchedGuestFixture {

    private static final int SLOWEST = 17;

    private static String acknowledge(int rate) {
        return "930401" + "%02x".formatted(rate);
    }

    @Test
    void acknowledgesVersion1() throws Exception {
        GuestRegistration guest = guestWithMemory(ProtocolVersion.V1);
        try (ScriptedGuest script = ScriptedGuest.overNanomsg(guest.socket())) {
            assertEquals("920401", script.receive()); // a lost one of an earlier connection
            script.send("9401" + MODE);
            script.send("950000000101");
            assertEquals("920401", script.receive());
        }
    }

    @Test
    void takesVersion2OverBothTransports() throws Exception {
        GuestRegistration first = guestWithMemory(ProtocolVersion.V2);
        try (ScriptedGuest script = ScriptedGuest.overNanomsg(first.socket())) {
            assertEquals("920401", script.receive());
        }
        GuestRegistration second = guestWithMemory(ProtocolVersion.V2);
        try (ScriptedGuest script = fixture.connect(second)) {
            assertEquals(acknowledge(SLOWEST), script.receive());
            script.send("950000000101");
            assertEquals(acknowledge(SLOWEST), script.receive());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "950000000402", // an update, before any mode
                "9500cfffffffffffffff00000402",
                "90", // what no guest sends
                "c0",
                "9500",
                "950100000402", // another version's update
                "9401ce123456780402", // a mode that cannot be
                "9401ce20020888ce7fffffffce7fffffff",
            })
    void acknowledgesWhateverIsWrong(String payload) throws Exception {
        GuestRegistration guest = guestWithMemory(ProtocolVersion.V3);
        try (ScriptedGuest script = fixture.connect(guest)) {
            assertEquals(acknowledge(SLOWEST), script.receive());
            script.sendRaw(script.framed(payload));
            assertEquals(acknowledge(SLOWEST), script.receive());
        }
    }

    @Test
    void acknowledgesAfterAReconnect() throws Exception {
        GuestRegistration guest = guestWithMemory(ProtocolVersion.V3);
        try (ScriptedGuest script = fixture.connect(guest)) {
            script.receive();
            script.send("9401" + MODE);
            script.send("950000000402");
        }
        watch(guest);
        awaitMode(1);
        fixture.paint(guest, 0, 0x123456);
        try (ScriptedGuest script = fixture.connect(guest)) {
            script.receive();
            Wait.until("what was missed is seen", () -> follower.pixels()[0] == 0x123456);
        }
    }

    @Test
    void setsThePaceThatViewersTake() throws Exception {
        GuestRegistration guest = guestWithMemory(ProtocolVersion.V3);
        try (ScriptedGuest script = fixture.connect(guest)) {
            assertEquals(acknowledge(SLOWEST), script.receive());
            GuestDisplay display = watch(guest);
            assertEquals(acknowledge(30), script.receive());
            display.setFrameRate(200);
            assertEquals(acknowledge(60), script.receive());
            display.setFrameRate(1);
            awaitRate(SLOWEST, script);
            display.setFrameRate(40);
            assertEquals(acknowledge(40), script.receive());
            display.setActive(false);
            awaitRate(SLOWEST, script);
            display.setActive(true);
            assertEquals(acknowledge(40), script.receive());
            display.close();
            awaitRate(SLOWEST, script);
        }
    }

    /** Sends updates until one is acknowledged at this rate. */
    private static void awaitRate(int rate, ScriptedGuest script) {
        Wait.until("the guest is to draw at " + rate, () -> {
            script.send("950000000402");
            return script.receive().equals(acknowledge(rate));
        });
    }

    @Test
    void learnsTheEarlyVersion4() throws Exception {
        GuestRegistration guest = guestWithMemory(ProtocolVersion.V4);
        GuestDisplay display = watch(guest);
        try (ScriptedGuest script = fixture.connect(guest)) {
            display.send(new InputEvent.Key(Scancode.of(0x1e), true)); // no telling yet how to say this
            script.send("9401" + MODE);
            awaitMode(1);
            script.send("950000000402");
            assertEquals(acknowledge(30), script.receive());
            display.send(new InputEvent.Key(Scancode.of(0x1e), true));
            assertEquals("93031ecd4000", script.receive());
        }
    }

    @Test
    void learnsTheLateVersion4AndNeverAcknowledges() throws Exception {
        GuestRegistration guest = guestWithMemory(ProtocolVersion.V4);
        GuestDisplay display = watch(guest);
        try (ScriptedGuest script = fixture.connect(guest)) {
            script.send("9402" + MODE);
            awaitMode(1);
            script.send("950100000402");
            display.send(new InputEvent.Key(Scancode.of(0x1e), true));
            assertEquals("93041ecd4000", script.receive());
            assertTrue(script.isQuiet());
        }
    }

    @Test
    void remembersModeAndNumberingOverARestart() throws Exception {
        GuestRegistration guest = guestWithMemory(ProtocolVersion.V4);
        try (ScriptedGuest script = fixture.connect(guest)) {
            script.send("9401" + MODE);
            script.send("950000000402");
            script.receive();
        }
        fixture.paint(guest, 7, 0xabcdef);
        fixture.restart();
        GuestRegistration back = fixture.listener.await(guest.key());
        watch(back);
        awaitMode(1);
        assertEquals(4, follower.framebuffer().width());
        assertEquals(2, follower.framebuffer().height());
        assertEquals(0xabcdef, follower.pixels()[7]);
        try (ScriptedGuest script = fixture.connect(back)) {
            assertEquals(acknowledge(30), script.receive());
        }
    }

    @Test
    void aListenerThatThrowsKeepsNoAcknowledgeBack() throws Exception {
        GuestRegistration guest = guestWithMemory(ProtocolVersion.V3);
        guest.openDisplay().start(new ScreenFollower() {
            @Override
            public void damaged(Rect area) {
                throw new IllegalStateException("a viewer's mistake, on purpose");
            }
        });
        try (ScriptedGuest script = fixture.connect(guest)) {
            script.receive();
            script.send("9401" + MODE);
            script.send("950000000402");
            assertEquals(acknowledge(30), script.receive());
        }
    }

    @Test
    void endsWithTheGuestsGoodbye() throws Exception {
        GuestRegistration guest = guestWithMemory(ProtocolVersion.V5);
        GuestDisplay display = watch(guest);
        try (ScriptedGuest script = fixture.connect(guest)) {
            script.send("9106");
            Wait.until("it is gone", () -> fixture.listener.gone.contains(guest.key()));
            Wait.until("its display failed", () -> !follower.failures.isEmpty());
            script.awaitClosed();
        }
        display.setActive(false);
        display.send(new InputEvent.Key(Scancode.of(1), true));
        display.close();
        ScreenFollower late = new ScreenFollower();
        guest.openDisplay().start(late);
        Wait.until("a late display fails", () -> !late.failures.isEmpty());
    }

    @Test
    void aClosedDisplayHearsNothing() throws Exception {
        GuestRegistration guest = guestWithMemory(ProtocolVersion.V5);
        GuestDisplay display = watch(guest);
        try (ScriptedGuest script = fixture.connect(guest)) {
            script.send("9402" + MODE);
            awaitMode(1);
            display.close();
            long before = follower.damages.get();
            ScreenFollower other = new ScreenFollower();
            guest.openDisplay().start(other);
            Wait.until("the other sees the mode", () -> !other.modes.isEmpty());
            script.send("950100000402");
            Wait.until("the other sees damage", () -> other.damages.get() == 1);
            assertEquals(before, follower.damages.get());
        }
    }

    @Test
    void sendsInputInOrder() throws Exception {
        GuestRegistration guest = guestWithMemory(ProtocolVersion.V5);
        GuestDisplay display = watch(guest);
        try (ScriptedGuest script = fixture.connect(guest)) {
            script.send("9402" + "ce20020888cd0400cd0300");
            awaitMode(1);
            display.send(new InputEvent.PointerMove(300, 200));
            display.send(new InputEvent.Button(PointerButton.LEFT, true));
            display.send(new InputEvent.Button(PointerButton.LEFT, false));
            display.send(new InputEvent.Wheel(120, 0));
            display.send(new InputEvent.Button(PointerButton.EXTRA, true));
            display.send(new InputEvent.Key(Scancode.extended(0x4b), true));
            display.send(new InputEvent.Key(Scancode.extended(0x4b), false));
            assertEquals("9403cd012cccc8cd0800", script.receive());
            assertEquals("9403cd012cccc8cd9000", script.receive());
            assertEquals("9403cd012cccc8cd1000", script.receive());
            assertEquals("9304cccbcd4100", script.receive());
            assertEquals("9304cccbcd8100", script.receive());
            for (int x = 0; x < 5000; x++) {
                display.send(new InputEvent.PointerMove(x % 1000, 7));
            }
            String last = script.receive();
            int moves = 1;
            while (!last.equals("9403cd03e707cd0800")) {
                last = script.receive();
                moves++;
            }
            assertTrue(moves < 1000, moves + " positions were sent");
        }
    }

    @Test
    void answersNobodyButTheProcessThatRegistered() throws Exception {
        Process other = new ProcessBuilder("sh", "-c", "read line").start();
        try {
            ProcessIdentity process =
                    new ProcessTable().identify((int) other.pid()).orElseThrow();
            GuestRegistration guest = fixture.registered(
                    fixture.claim(ProtocolVersion.V5, UUID.randomUUID().toString(), process));
            try (ScriptedGuest script = ScriptedGuest.connect(guest.socket())) {
                script.awaitClosed();
            }
        } finally {
            other.destroyForcibly();
            other.onExit().join();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "474554202f20485454502f312e310d0a",
                "ff00000000000000017f0301504c41494e" + "00000000000000000000000000000000000000000000000000",
                "ffffffffffffffffffffffffffffffff",
                "0053500000100000", // nanomsg, which version 5 does not speak
            })
    void closesConnectionsWithGarbageAndServesTheNext(String garbage) throws Exception {
        GuestRegistration guest = guestWithMemory(ProtocolVersion.V5);
        watch(guest);
        try (ScriptedGuest script = ScriptedGuest.connect(guest.socket())) {
            script.sendRaw(garbage + "00".repeat(64));
            script.awaitClosed();
        }
        try (ScriptedGuest script = fixture.connect(guest)) {
            script.send("9402" + MODE);
            awaitMode(1);
        }
    }

    @Test
    void aConnectionCutInMidMessageHurtsNobody() throws Exception {
        GuestRegistration guest = guestWithMemory(ProtocolVersion.V3);
        watch(guest);
        String whole;
        try (ScriptedGuest script = fixture.connect(guest)) {
            script.send("9401" + MODE);
            awaitMode(1);
            whole = script.framed("950000000402");
        }
        for (int cut = 2; cut < whole.length(); cut += 2) {
            try (ScriptedGuest script = fixture.connect(guest)) {
                script.sendRaw(whole.substring(0, cut));
            }
        }
        try (ScriptedGuest script = fixture.connect(guest)) {
            script.receive();
            script.send("950000000402");
            assertEquals(acknowledge(30), script.receive());
        }
    }

    @ParameterizedTest
    @CsvSource({"V3, 9500", "V5, 9501"})
    void bearsAFlood(ProtocolVersion version, String update) throws Exception {
        GuestRegistration guest = guestWithMemory(version);
        GuestRegistration other = guestWithMemory(ProtocolVersion.V3);
        watch(guest);
        try (ScriptedGuest script = fixture.connect(guest);
                ScriptedGuest calm = fixture.connect(other)) {
            calm.receive();
            byte[] flood =
                    HexFormat.of().parseHex(script.framed(update + "00000402").repeat(100_000));
            int taken = script.flood(flood, 500);
            assertTrue(taken < flood.length, "everything was taken at once");
            calm.send("950000000402");
            assertEquals(acknowledge(SLOWEST), calm.receive());
        }
    }
}
