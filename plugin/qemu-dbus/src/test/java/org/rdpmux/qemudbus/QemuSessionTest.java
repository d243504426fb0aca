// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.qemudbus;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.rdpmux.display.InputEvent;
import org.rdpmux.display.LockKeys;
import org.rdpmux.display.PointerButton;
import org.rdpmux.display.PointerShape;
import org.rdpmux.display.Rect;
import org.rdpmux.display.Scancode;
import org.rdpmux.display.testing.Recorder;

/** A session with a QEMU that a test plays, on bytes. */
class QemuSessionTest {

    private final Recorder seen = new Recorder();
    private final ScriptedQemu qemu = new ScriptedQemu(seen, true);

    @AfterEach
    void close() {
        qemu.close();
    }

    /** A screen of 2x2 that the listener knows, all blue. */
    private void shown() {
        qemu.introduce(2, 2, true);
        qemu.send(qemu.scanout(2, 2, 8, ScriptedQemu.XRGB, bgrx(0xff, 0xff, 0xff, 0xff)));
        qemu.passMoment();
    }

    private static byte[] bgrx(int... pixels) {
        byte[] bytes = new byte[pixels.length * 4];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (pixels[i / 4] >> 8 * (i % 4));
        }
        return bytes;
    }

    @Test
    void saysWhoMadeTheSocketsAndAllElseAtOnce() {
        assertEquals(List.of("\0AUTH EXTERNAL 3635353333\r\nNEGOTIATE_UNIX_FD\r\nBEGIN\r\n"), qemu.hellos);
    }

    @Test
    void choosesTheFirstConsoleWithAScreenAndRegistersAListener() {
        shown();
        assertEquals(1, qemu.listeners);
        assertEquals(List.of(new LockKeys(false, true, false)), seen.locks);
        assertEquals(new Rect(0, 0, 2, 2), seen.framebuffer().bounds());
        assertArrayEquals(new int[] {0xff, 0xff, 0xff, 0xff}, seen.screen());
        assertEquals(List.of(), List.copyOf(qemu.calls));
    }

    @Test
    void asksForTheListenersInterfacesAreAnswered() {
        qemu.introduce(2, 2, true);
        qemu.send(qemu.call(ScriptedQemu.PROPERTIES, "GetAll", "s", out -> out.string(ScriptedQemu.LISTENER)));
        DbusReader answer = qemu.answers.remove().body();
        answer.array(8);
        answer.structure();
        assertEquals("Interfaces", answer.string());
        assertEquals("as", answer.signature());
        answer.array(4);
        assertEquals(ScriptedQemu.MAP, answer.string());
        answer.end();
    }

    @Test
    void refusesMethodsItDoesNotHave() {
        qemu.introduce(2, 2, true);
        qemu.send(qemu.call("org.qemu.Display1.Listener.Win32.Map", "ScanoutMap", "", out -> {}));
        assertEquals(
                "org.freedesktop.DBus.Error.UnknownMethod",
                qemu.answers.remove().header().errorName());
    }

    @Test
    void pixelsOfAnyFormatInRowsWithGapsArriveInAnyPieces() {
        qemu.introduce(3, 2, true);
        byte[] rows = {0, (byte) 0xf8, 0x1f, 0, (byte) 0xe0, 7, 9, 9, 0, 0, (byte) 0xff, (byte) 0xff, 0, 0, 9, 9};
        for (int piece : new int[] {1, 3, 7, 1000}) {
            qemu.send(qemu.scanout(3, 2, 8, 0x10020565, rows), piece);
            qemu.passMoment();
            assertArrayEquals(new int[] {0xff0000, 0xff, 0xff00, 0, 0xffffff, 0}, seen.screen());
        }
        qemu.send(
                qemu.update(
                        new Rect(1, 0, 1, 2),
                        4,
                        0x18020888,
                        (byte) 3,
                        (byte) 2,
                        (byte) 1,
                        (byte) 0,
                        (byte) 6,
                        (byte) 5,
                        (byte) 4),
                1);
        assertArrayEquals(new int[] {0xff0000, 0x10203, 0xff00, 0, 0x40506, 0}, seen.screen());
        assertEquals(new Rect(1, 0, 1, 2), seen.damage.get(seen.damage.size() - 1));
    }

    @Test
    void anUpdateOfAnotherModeIsPassedOver() {
        shown();
        qemu.send(qemu.update(new Rect(1, 1, 2, 1), 8, ScriptedQemu.XRGB, bgrx(1, 2)));
        assertArrayEquals(new int[] {0xff, 0xff, 0xff, 0xff}, seen.screen());
        assertEquals(List.of(), seen.damage);
    }

    @Test
    void refusesPixelsThatAreNotWhatTheirMessageSays() {
        qemu.introduce(2, 2, true);
        byte[] four = bgrx(1, 2, 3, 4);
        for (byte[] wrong : List.of(
                qemu.scanout(0, 2, 8, ScriptedQemu.XRGB),
                qemu.scanout(16385, 1, 65540, ScriptedQemu.XRGB),
                qemu.scanout(16384, 16384, 65536, ScriptedQemu.XRGB),
                qemu.scanout(2, 2, 7, ScriptedQemu.XRGB, four),
                qemu.scanout(2, 2, -8, ScriptedQemu.XRGB, four),
                qemu.scanout(2, 3, 8, ScriptedQemu.XRGB, four),
                qemu.scanout(2, 1, 8, ScriptedQemu.XRGB, four),
                qemu.scanout(2, 2, 8, 0x12345678, four),
                qemu.update(new Rect(-1, 0, 2, 2), 8, ScriptedQemu.XRGB, four))) {
            try (ScriptedQemu other = new ScriptedQemu(new Recorder(), true)) {
                other.introduce(2, 2, true);
                assertThrows(DbusException.class, () -> other.send(wrong));
            }
        }
    }

    @Test
    void aModeWithoutScanoutHasAnotherListenerRegistered() {
        shown();
        qemu.sizeChanged(4, 1);
        assertEquals(1, qemu.listeners, "a Scanout may be on its way");
        qemu.passMoment();
        assertEquals(2, qemu.listeners);
        qemu.send(qemu.scanout(4, 1, 16, ScriptedQemu.XRGB, bgrx(1, 2, 3, 4)));
        assertArrayEquals(new int[] {1, 2, 3, 4}, seen.screen());
        qemu.passMoment();
        assertEquals(2, qemu.listeners);
    }

    @Test
    void withoutAnOnlookerItLearnsTheSizeAndAsksForNoPixels() {
        try (ScriptedQemu idle = new ScriptedQemu(seen, false)) {
            idle.introduce(2, 2, true);
            idle.send(idle.scanout(2, 2, 8, ScriptedQemu.XRGB, bgrx(1, 2, 3, 4)));
            assertNull(seen.framebuffer(), "the guest may have another mode by now");
            idle.passMoment();
            assertEquals(new Rect(0, 0, 2, 2), seen.framebuffer().bounds());
            assertNull(idle.pixels);
            idle.sizeChanged(4, 1);
            assertEquals(new Rect(0, 0, 4, 1), seen.framebuffer().bounds());
            idle.session.setActive(true);
            assertNotNull(idle.pixels);
            idle.send(idle.scanout(4, 1, 16, ScriptedQemu.XRGB, bgrx(1, 2, 3, 4)));
            assertEquals(List.of(new Rect(0, 0, 4, 1)), seen.damage);
            assertArrayEquals(new int[] {1, 2, 3, 4}, seen.screen());
        }
    }

    @Test
    void thePointerIsTheGuestsAndHidesWhenTheGuestHidesIt() {
        shown();
        qemu.send(qemu.call(ScriptedQemu.LISTENER, "CursorDefine", "iiiiay", out -> {
            out.int32(2).int32(1).int32(1).int32(5);
            out.array(1, () -> {
                for (byte each : bgrx(0x80402010, 0xffffffff)) {
                    out.uint8(each);
                }
            });
        }));
        PointerShape shape = new PointerShape.Image(2, 1, 1, 0, new int[] {0x807f3f1f, -1}, new boolean[0]);
        qemu.send(qemu.call(
                ScriptedQemu.LISTENER,
                "MouseSet",
                "iii",
                out -> out.int32(0).int32(0).int32(0)));
        qemu.send(qemu.call(
                ScriptedQemu.LISTENER,
                "MouseSet",
                "iii",
                out -> out.int32(1).int32(1).int32(1)));
        assertEquals(List.of(shape, new PointerShape.Hidden(), shape), seen.pointers);
    }

    @Test
    void aCursorOfOtherLengthThanItsSizeIsRefused() {
        shown();
        byte[] wrong = qemu.call(ScriptedQemu.LISTENER, "CursorDefine", "iiiiay", out -> {
            out.int32(0x10000).int32(0x10000).int32(0).int32(0);
            out.array(1, () -> {});
        });
        assertThrows(DbusException.class, () -> qemu.send(wrong));
    }

    @Test
    void aScreenThatIsSwitchedOffIsBlack() {
        shown();
        qemu.send(qemu.call(ScriptedQemu.LISTENER, "Disable", "", out -> {}));
        assertArrayEquals(new int[4], seen.screen());
        assertEquals(List.of(new Rect(0, 0, 2, 2)), seen.damage);
    }

    @Test
    void saysWhyPicturesInTheGraphicsCardCannotBeShown() {
        shown();
        byte[] dmabuf = qemu.call(ScriptedQemu.LISTENER, "ScanoutDMABUF", "", out -> {});
        String reason =
                assertThrows(DbusException.class, () -> qemu.send(dmabuf)).getMessage();
        assertTrue(reason.endsWith("switch OpenGL off for it"), reason);
    }

    private String sent() {
        ScriptedQemu.Sent call = qemu.calls.remove();
        DbusReader body = call.body();
        String text = call.header().member() + " " + body.int32();
        boolean pair = call.header().signature().length() == 2;
        text += pair ? "," + body.int32() : "";
        body.end();
        assertEquals("/org/qemu/Display1/Console_9", call.header().path());
        byte[] reply = qemu.bytes(MessageHeader.reply(call.header().serial(), ""), out -> {});
        qemu.feed(qemu.main, reply, reply.length);
        return text;
    }

    private void send(InputEvent... events) {
        for (InputEvent event : events) {
            qemu.session.send(event);
        }
    }

    @Test
    void keysButtonsAndWheelsGoByQemusNumbers() {
        shown();
        send(
                new InputEvent.Key(Scancode.extended(0x48), true),
                new InputEvent.Key(Scancode.PAUSE, false),
                new InputEvent.Button(PointerButton.EXTRA, true),
                new InputEvent.Button(PointerButton.SIDE, false),
                new InputEvent.Wheel(-120, 0),
                new InputEvent.Wheel(0, 120));
        for (String expected : List.of(
                "Press 200", "Release 198", "Press 6", "Release 5", "Press 4", "Release 4", "Press 8", "Release 8")) {
            assertEquals(expected, sent());
        }
    }

    @Test
    void positionsStayOnTheScreenAndGoBeforeTheButton() {
        shown();
        send(new InputEvent.PointerMove(5, -3), new InputEvent.Button(PointerButton.LEFT, true));
        assertEquals("SetAbsPosition 1,0", sent());
        assertEquals("Press 0", sent());
    }

    @Test
    void aGuestWithoutTabletGetsMotion() {
        qemu.introduce(2, 2, false);
        qemu.send(qemu.scanout(2, 2, 8, ScriptedQemu.XRGB, bgrx(1, 2, 3, 4)));
        qemu.passMoment();
        send(new InputEvent.PointerMove(0, 0), new InputEvent.PointerMove(1, 1), new InputEvent.PointerMoveBy(-7, 2));
        assertEquals("RelMotion 1,1", sent());
        assertEquals("RelMotion -7,2", sent());
    }

    @Test
    void motionIsMergedWhileQemuDoesNotAnswerAndSentWhenItDoes() {
        shown();
        for (int i = 0; i < 1000; i++) {
            send(new InputEvent.PointerMove(i % 2, 1));
        }
        send(new InputEvent.PointerMove(0, 0));
        assertEquals(QemuInput.CONGESTED, qemu.calls.size());
        sent();
        for (int i = 1; i < QemuInput.CONGESTED; i++) {
            sent();
        }
        assertEquals("SetAbsPosition 0,0", sent());
    }

    @Test
    void aQemuThatAnswersNothingIsGivenUp() {
        shown();
        InputEvent key = new InputEvent.Key(Scancode.of(0x1e), true);
        for (int i = 0; i < DbusPeer.MAX_CALLS; i++) {
            send(key);
        }
        assertThrows(DbusException.class, () -> send(key));
    }

    @Test
    void saysWhenAnotherClientTookTheDisplay() {
        shown();
        send(new InputEvent.Key(Scancode.of(0x1e), true));
        String reason = assertThrows(DbusException.class, () -> qemu.refuse("org.freedesktop.DBus.Error.UnknownMethod"))
                .getMessage();
        assertTrue(reason.startsWith("was taken by another client"), reason);
    }

    @Test
    void aPositionThatTheGuestDoesNotTakeJustNowIsDropped() {
        shown();
        send(new InputEvent.PointerMove(1, 1));
        qemu.refuse("org.qemu.Display1.Error.Invalid");
        send(new InputEvent.PointerMove(0, 1));
        assertEquals("SetAbsPosition 0,1", sent());
    }

    @Test
    void aSizeThatWasAskedForTooEarlyIsAskedForLater() {
        qemu.session.requestSize(800, 600);
        assertEquals(1, qemu.calls.size(), "nothing but the question for consoles");
        qemu.reply("v", out -> out.signature("au").array(4, () -> out.int32(0)));
        qemu.reply(
                "a{sv}",
                out -> out.array(
                        8, () -> out.align(8).string("Type").signature("s").string("Graphic")));
        qemu.calls.remove();
        qemu.calls.remove();
        ScriptedQemu.Sent asked = qemu.calls.remove();
        assertEquals("SetUIInfo", asked.header().member());
        assertEquals("qqiiuu", asked.header().signature());
        DbusReader body = asked.body();
        assertEquals(
                List.of(0, 0, 0, 800, 600),
                List.of(body.int32(), body.int32(), body.int32(), body.int32(), body.int32()));
    }
}
