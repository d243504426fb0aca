// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.vnc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rdpmux.display.InputEvent;
import org.rdpmux.display.Scancode;

class KeyboardTest {

    private static InputEvent down(Scancode key) {
        return new InputEvent.Key(key, true);
    }

    private static InputEvent up(Scancode key) {
        return new InputEvent.Key(key, false);
    }

    private static InputEvent typed(int codePoint, boolean down) {
        return new InputEvent.Unicode(codePoint, down);
    }

    private static Wire plain() {
        return Wire.connected(8, 8);
    }

    private static Wire withScancodes() {
        Wire wire = plain();
        wire.receive(new ServerBytes().update(1).rectangle(0, 0, 8, 8, Encodings.QEMU_EXTENDED_KEY_EVENT));
        wire.sent();
        return wire;
    }

    private static void leds(Wire wire, int bits) {
        wire.receive(new ServerBytes()
                .update(1)
                .rectangle(0, 0, 1, 1, Encodings.QEMU_LED_STATE)
                .bytes(bits));
        wire.sent();
    }

    private static String keyEvent(boolean down, int keysym) {
        return "040" + (down ? 1 : 0) + "0000" + String.format("%08x", keysym);
    }

    private static String extended(boolean down, int keysym, int number) {
        return "ff00000" + (down ? 1 : 0) + String.format("%08x%08x", keysym, number);
    }

    @Test
    void scancodesGoToServersThatTakeThem() {
        Wire wire = withScancodes();
        wire.send(down(Scancode.of(0x1e)), up(Scancode.of(0x1e)));
        assertEquals(extended(true, 'a', 0x1e) + extended(false, 'a', 0x1e), wire.sent());
        wire.send(down(Scancode.extended(0x48)), up(Scancode.extended(0x48)));
        assertEquals(extended(true, 0xff52, 0xc8) + extended(false, 0xff52, 0xc8), wire.sent());
        wire.send(down(Scancode.PAUSE));
        assertEquals(extended(true, 0xff13, 0xc6), wire.sent());
    }

    @Test
    void scancodesWithoutKeysymGoAllTheSame() {
        Wire wire = withScancodes();
        wire.send(down(Scancode.extended(0x01)));
        assertEquals(extended(true, 0, 0x81), wire.sent());
        Wire other = plain();
        other.send(down(Scancode.extended(0x01)), up(Scancode.extended(0x01)));
        assertEquals("", other.sent());
    }

    @ParameterizedTest
    @CsvSource({
        "0x02,0x31,0x21",
        "0x0b,0x30,0x29",
        "0x0c,0x2d,0x5f",
        "0x0d,0x3d,0x2b",
        "0x10,0x71,0x51",
        "0x1b,0x5d,0x7d",
        "0x28,0x27,0x22",
        "0x29,0x60,0x7e",
        "0x2b,0x5c,0x7c",
        "0x35,0x2f,0x3f",
        "0x39,0x20,0x20",
        "0x56,0x3c,0x3e",
        "0x01,0xff1b,0xff1b",
        "0x0e,0xff08,0xff08",
        "0x1c,0xff0d,0xff0d",
        "0x3b,0xffbe,0xffbe",
        "0x44,0xffc7,0xffc7",
        "0x57,0xffc8,0xffc8",
        "0x58,0xffc9,0xffc9",
        "0x64,0xffca,0xffca",
        "0x76,0xffd5,0xffd5",
        "0x37,0xffaa,0xffaa",
        "0x4a,0xffad,0xffad",
        "0x4e,0xffab,0xffab",
        "0x47,0xffb7,0xff95",
        "0x53,0xffae,0xff9f",
        "0x52,0xffb0,0xff9e",
        "0x9c,0xff8d,0xff8d",
        "0xb5,0xffaf,0xffaf",
        "0xb7,0xff61,0xff61",
        "0xd3,0xffff,0xffff",
        "0xd2,0xff63,0xff63",
        "0xdb,0xffeb,0xffeb",
        "0xdd,0xff67,0xff67",
        "0x9d,0xffe4,0xffe4",
        "0xb8,0xffea,0xffea"
    })
    void otherServersGetTheKeysymOfTheUsLayout(String number, String plain, String shifted) {
        int n = Integer.decode(number);
        Scancode key = n < 0x80 ? Scancode.of(n) : Scancode.extended(n & 0x7f);
        Wire wire = plain();
        wire.send(down(key), up(key));
        int keysym = Integer.decode(plain);
        assertEquals(keyEvent(true, keysym) + keyEvent(false, keysym), wire.sent());
        wire.send(down(Scancode.RIGHT_SHIFT), down(key));
        assertEquals(keyEvent(true, 0xffe2) + keyEvent(true, Integer.decode(shifted)), wire.sent());
    }

    @Test
    void keyGoesUpAsItWentDown() {
        Wire wire = plain();
        Scancode a = Scancode.of(0x1e);
        wire.send(down(Scancode.LEFT_SHIFT), down(a), up(Scancode.LEFT_SHIFT), up(a));
        assertEquals(
                keyEvent(true, 0xffe1) + keyEvent(true, 'A') + keyEvent(false, 0xffe1) + keyEvent(false, 'A'),
                wire.sent());
        wire.send(up(a));
        assertEquals(keyEvent(false, 'a'), wire.sent(), "one that never went down");
    }

    @Test
    void repeatedKeyGoesDownAgain() {
        Wire wire = plain();
        wire.send(down(Scancode.of(0x1e)), down(Scancode.of(0x1e)), up(Scancode.of(0x1e)));
        assertEquals(keyEvent(true, 'a').repeat(2) + keyEvent(false, 'a'), wire.sent());
    }

    @Test
    void capsLockTurnsLettersAlone() {
        Wire wire = plain();
        Scancode a = Scancode.of(0x1e);
        Scancode one = Scancode.of(0x02);
        wire.send(down(Scancode.CAPS_LOCK), down(Scancode.CAPS_LOCK), up(Scancode.CAPS_LOCK));
        wire.sent();
        wire.send(down(a), up(a), down(one), up(one));
        assertEquals(
                keyEvent(true, 'A') + keyEvent(false, 'A') + keyEvent(true, '1') + keyEvent(false, '1'), wire.sent());
        wire.send(down(Scancode.LEFT_SHIFT), down(a));
        assertEquals(keyEvent(true, 0xffe1) + keyEvent(true, 'a'), wire.sent());
    }

    @Test
    void guestsLedsCountMoreThanWhatWasTyped() {
        Wire wire = plain();
        leds(wire, 4);
        wire.send(down(Scancode.of(0x1e)));
        assertEquals(keyEvent(true, 'A'), wire.sent());
        wire.send(down(Scancode.CAPS_LOCK), up(Scancode.CAPS_LOCK), down(Scancode.of(0x1f)));
        assertTrue(wire.sent().endsWith(keyEvent(true, 'S')), "the guest has not switched its LED off");
        leds(wire, 0);
        wire.send(down(Scancode.of(0x20)));
        assertEquals(keyEvent(true, 'd'), wire.sent());
    }

    @Test
    void numLockMakesDigitsOfTheKeypad() {
        Wire wire = plain();
        Scancode seven = Scancode.of(0x47);
        wire.send(down(seven), up(seven));
        assertEquals(keyEvent(true, 0xffb7) + keyEvent(false, 0xffb7), wire.sent());
        wire.send(down(Scancode.NUM_LOCK), up(Scancode.NUM_LOCK));
        wire.sent();
        wire.send(down(seven));
        assertEquals(keyEvent(true, 0xff95), wire.sent());
        leds(wire, 2);
        wire.send(up(seven), down(seven));
        assertEquals(keyEvent(false, 0xff95) + keyEvent(true, 0xffb7), wire.sent());
    }

    @Test
    void ctrlPauseIsBreak() {
        Wire wire = plain();
        wire.send(down(Scancode.PAUSE), up(Scancode.PAUSE), down(Scancode.LEFT_CTRL), down(Scancode.PAUSE));
        assertEquals(
                keyEvent(true, 0xff13) + keyEvent(false, 0xff13) + keyEvent(true, 0xffe3) + keyEvent(true, 0xff6b),
                wire.sent());
    }

    @ParameterizedTest
    @CsvSource({
        "0x41,0x41",
        "0xe9,0xe9",
        "0x20ac,0x010020ac",
        "0x1f600,0x0101f600",
        "0x08,0xff08",
        "0x09,0xff09",
        "0x0a,0xff0d",
        "0x0d,0xff0d",
        "0x1b,0xff1b",
        "0x20,0x20"
    })
    void charactersGoAsKeysyms(String codePoint, String keysym) {
        Wire wire = plain();
        wire.send(typed(Integer.decode(codePoint), true), typed(Integer.decode(codePoint), false));
        int expected = Integer.decode(keysym);
        assertEquals(keyEvent(true, expected) + keyEvent(false, expected), wire.sent());
    }

    @ParameterizedTest
    @CsvSource({"0x00", "0x07", "0x7f", "0x80", "0x9f"})
    void otherControlCharactersAreDropped(String codePoint) {
        Wire wire = plain();
        wire.send(typed(Integer.decode(codePoint), true), typed(Integer.decode(codePoint), false));
        assertEquals("", wire.sent());
    }

    @Test
    void charactersBringTheirShiftWhereKeysymsBecomeScancodes() {
        Wire wire = withScancodes();
        wire.send(typed('A', true), typed('A', false));
        assertEquals(
                extended(true, 0xffe1, 0x2a)
                        + keyEvent(true, 'A')
                        + extended(false, 0xffe1, 0x2a)
                        + keyEvent(false, 'A'),
                wire.sent());
        wire.send(typed('a', true), typed(' ', true), typed(0xe9, true));
        assertEquals(keyEvent(true, 'a') + keyEvent(true, ' ') + keyEvent(true, 0xe9), wire.sent());
        wire.send(down(Scancode.LEFT_SHIFT), typed('A', true));
        assertEquals(extended(true, 0xffe1, 0x2a) + keyEvent(true, 'A'), wire.sent());
    }

    @Test
    void everyCharacterOfTheUsLayoutHasAKey() {
        Set<Integer> found = new HashSet<>();
        for (int code = 1; code <= 0x39; code++) {
            found.add(Keysyms.of(Scancode.of(code), false, false, false));
            found.add(Keysyms.of(Scancode.of(code), true, false, false));
        }
        for (int c = ' '; c < 0x7f; c++) {
            assertTrue(found.contains(c), "no key for " + (char) c);
        }
    }
}
