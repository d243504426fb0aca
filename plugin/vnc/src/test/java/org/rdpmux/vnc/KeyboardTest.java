// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.vnc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
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

    private static InputEvent layout(int windowsNumber) {
        return new InputEvent.Layout(windowsNumber);
    }

    /** A key that is pressed and released, at a server that gets its keysym alone. */
    private static String tapped(int keysym) {
        return keyEvent(true, keysym) + keyEvent(false, keysym);
    }

    /** Likewise at a server that gets the scan code, too. */
    private static String tapped(int keysym, int number) {
        return extended(true, keysym, number) + extended(false, keysym, number);
    }

    private static void tap(Wire wire, int... codes) {
        for (int code : codes) {
            wire.send(down(Scancode.of(code)), up(Scancode.of(code)));
        }
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
        "0x20ac,0x20ac",
        "0x119,0x1ea",
        "0x44f,0x6d1",
        "0x4e2d,0x01004e2d",
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
    void keysymsAreThoseOfTheViewersLayout() {
        Wire wire = plain();
        wire.send(layout(0x407));
        tap(wire, 0x15, 0x27, 0x0c, 0x29);
        assertEquals(tapped('z') + tapped(0xf6) + tapped(0xdf) + tapped(0xfe52), wire.sent());
        wire.send(down(Scancode.RIGHT_ALT));
        tap(wire, 0x10, 0x12, 0x2c);
        wire.send(up(Scancode.RIGHT_ALT));
        tap(wire, 0x10);
        assertEquals(
                keyEvent(true, 0xfe03)
                        + tapped('@')
                        + tapped(0x20ac)
                        + tapped(0xbb)
                        + keyEvent(false, 0xfe03)
                        + tapped('q'),
                wire.sent());
        wire.send(layout(0x40c));
        tap(wire, 0x10, 0x03);
        assertEquals(tapped('a') + tapped(0xe9), wire.sent());
        wire.send(layout(0));
        tap(wire, 0x10);
        wire.send(down(Scancode.RIGHT_ALT));
        assertEquals(tapped('q') + keyEvent(true, 0xffea), wire.sent(), "unknown: US, without AltGr");
    }

    @ParameterizedTest
    @CsvSource({
        "407,15,z",
        "807,15,z",
        "100c,03,2",
        "40c,10,a",
        "80c,10,a",
        "409,15,y",
        "809,2b,#",
        "40a,27,\u00f1",
        "410,27,\u00f2",
        "816,27,\u00e7",
        "416,27,\u00e7",
        "413,1b,*",
        "406,27,\u00e6",
        "414,27,\u00f8",
        "41d,1a,\u00e5",
        "40b,28,\u00e4",
        "415,15,y",
        "10415,15,z",
        "405,03,\u011b",
        "40e,0b,\u00f6",
        "419,10,\u0439",
        "41f,17,\u0131",
        "1041f,10,f",
        "411,1a,@",
        "20409,15,y",
        "10407,15,z",
        "e0010411,1a,@",
        "c07,15,z",
        "140c,10,a",
        "fc9a,15,y"
    })
    void windowsLayoutsAreKnownByTheirNumber(String number, String key, String character) {
        Wire wire = plain();
        wire.send(layout(Integer.parseUnsignedInt(number, 16)));
        tap(wire, Integer.parseInt(key, 16));
        assertEquals(tapped(Keysyms.ofCharacter(character.codePointAt(0))), wire.sent());
    }

    @Test
    void keyGoesUpAsItWentDownThoughTheLayoutChanges() {
        Wire wire = plain();
        wire.send(layout(0x407), down(Scancode.of(0x15)), layout(0x409), up(Scancode.of(0x15)));
        assertEquals(tapped('z'), wire.sent());
    }

    @Test
    void ctrlThatWindowsPressesWithAltGrIsReleased() {
        Wire wire = plain();
        wire.send(layout(0x407), down(Scancode.LEFT_CTRL), down(Scancode.RIGHT_ALT));
        tap(wire, 0x10);
        assertEquals(tapped(0xffe3) + keyEvent(true, 0xfe03) + tapped('@'), wire.sent());
        Wire qemu = Wire.qemu(Optional.of("de"));
        qemu.send(down(Scancode.LEFT_CTRL), down(Scancode.RIGHT_ALT));
        assertEquals(extended(true, 0xffe3, 0x1d) + extended(true, 0xfe03, 0xb8), qemu.sent(), "its guest wants both");
    }

    @Test
    void capsLockTurnsTheLettersOfTheLayout() {
        Wire wire = plain();
        wire.send(layout(0x40c));
        leds(wire, 4);
        tap(wire, 0x10, 0x02, 0x03);
        assertEquals(tapped('A') + tapped('&') + tapped(0xc9), wire.sent(), "as X servers do");
        wire.send(layout(0x419), down(Scancode.LEFT_SHIFT));
        tap(wire, 0x10);
        assertEquals(keyEvent(true, 0xffe1) + tapped(0x6ca), wire.sent());
    }

    @Test
    void keymapOfTheDisplayCountsMoreThanTheViewersLayout() {
        Wire wire = Wire.qemu(Optional.of("fr"));
        wire.send(layout(0x407));
        tap(wire, 0x10, 0x1a);
        assertEquals(tapped('a', 0x10) + tapped('^', 0x1a), wire.sent(), "QEMU's keymap has no dead keys");
        Wire unknown = Wire.qemu(Optional.of("xx"));
        unknown.send(layout(0x407));
        tap(unknown, 0x15);
        assertEquals(tapped('z', 0x15), unknown.sent());
    }

    @Test
    void keysymsThatQemuWouldCutAreKeptFromIt() {
        Wire wire = Wire.qemu(Optional.empty());
        wire.send(down(Scancode.extended(0x30)));
        assertEquals(extended(true, 0, 0xb0), wire.sent(), "volume up would be Pause");
        Wire other = withScancodes();
        other.send(down(Scancode.extended(0x30)));
        assertEquals(extended(true, 0x1008ff13, 0xb0), other.sent());
    }

    @Test
    void charactersAreTypedWhereScancodesCount() {
        Wire wire = Wire.qemu(Optional.empty());
        wire.send(typed('A', true), typed('A', false), typed('\n', true), typed('\n', false), typed(0xe9, true));
        String shift = extended(true, 0xffe1, 0x2a);
        String noShift = extended(false, 0xffe1, 0x2a);
        assertEquals(
                shift + tapped('A', 0x1e) + noShift + tapped(0xff0d, 0x1c),
                wire.sent(),
                "what is not there is dropped");
        wire.send(down(Scancode.LEFT_SHIFT), typed('A', true), typed('a', true), up(Scancode.LEFT_SHIFT));
        assertEquals(shift + tapped('A', 0x1e) + noShift + tapped('a', 0x1e) + shift + noShift, wire.sent());
        leds(wire, 4);
        wire.send(typed('a', true), typed('!', true));
        assertEquals(
                shift + tapped('a', 0x1e) + noShift + shift + tapped('!', 0x02) + noShift,
                wire.sent(),
                "Caps Lock is made up for");
    }

    @Test
    void charactersAreTypedWithAltGrAndDeadKeys() {
        Wire wire = Wire.qemu(Optional.empty());
        wire.send(layout(0x407), typed('@', true));
        String altGr = extended(true, 0xfe03, 0xb8);
        String noAltGr = extended(false, 0xfe03, 0xb8);
        assertEquals(altGr + tapped('@', 0x10) + noAltGr, wire.sent());
        wire.send(typed(0xea, true), typed('^', true), typed('<', true));
        assertEquals(
                tapped(0xfe52, 0x29) + tapped('e', 0x12) + tapped(0xfe52, 0x29) + tapped(' ', 0x39) + tapped('<', 0x56),
                wire.sent());
        wire.send(down(Scancode.RIGHT_ALT), typed('a', true));
        assertEquals(altGr + noAltGr + tapped('a', 0x1e) + altGr, wire.sent());
    }

    @ParameterizedTest
    @CsvSource({"409", "809", "407", "40a", "410", "816", "416", "413", "406", "414", "41d", "40b", "415", "411"})
    void everyCharacterOfAsciiCanBeTyped(String number) {
        KeyboardLayout layout = KeyboardLayouts.ofWindows(Integer.parseInt(number, 16));
        for (int c = ' '; c < 0x7f; c++) {
            assertFalse(layout.strokes(c).isEmpty(), layout + " has no key for " + (char) c);
        }
    }
}
