// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.vnc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rdpmux.display.DisplayAddress;
import org.rdpmux.display.DisplaySource;
import org.rdpmux.display.GuestDisplay;
import org.rdpmux.display.InputEvent;
import org.rdpmux.display.PixelBudget;
import org.rdpmux.display.Scancode;
import org.rdpmux.display.testing.Pause;
import org.rdpmux.display.testing.Qemu;
import org.rdpmux.display.testing.Recorder;

/** Which keys a real QEMU passes on to its guest, by its own account, for those that are pressed: {@code -k} and without. */
@Timeout(120)
class QemuKeymapTest {

    private static final Pattern KEY = Pattern.compile("key qcode (\\S+), down 1");

    /** Keys that differ in nothing from others, for the guest. */
    private static final Set<Integer> NOT_PRESSED =
            Set.of(0x3a, 0x3b, 0x3c, 0x3d, 0x3e, 0x3f, 0x40, 0x41, 0x42, 0x43, 0x44, 0x45, 0x46, 0x54, 0x55);

    private static final int[] EXTENDED = {
        0x1c, 0x1d, 0x35, 0x37, 0x38, 0x47, 0x48, 0x49, 0x4b, 0x4d, 0x4f, 0x50, 0x51, 0x52, 0x53, 0x5b, 0x5c, 0x5d
    };
    /** Mute, volume down and volume up: QEMU's keymaps have no keysyms for them. */
    private static final int[] MEDIA = {0x20, 0x2e, 0x30};

    @TempDir
    Path directory;

    private final Recorder seen = new Recorder();

    private static List<Scancode> keys() {
        List<Scancode> keys = new ArrayList<>();
        for (int code = 1; code < 0x5a; code++) {
            if (!NOT_PRESSED.contains(code)) {
                keys.add(Scancode.of(code));
            }
        }
        for (int code : EXTENDED) {
            keys.add(Scancode.extended(code));
        }
        return keys;
    }

    /** What the guest gets of these keys, and of these characters after them. */
    private List<String> pressed(List<Scancode> keys, String characters, String... options) throws Exception {
        List<String> all =
                new ArrayList<>(List.of("-vnc", "unix:DIR/vnc", "-trace", "input_event_key_qcode", "-D", "DIR/trace"));
        all.addAll(List.of(options));
        Optional<String> keymap = options.length > 0 ? Optional.of(options[1]) : Optional.empty();
        DisplaySource source = new DisplaySource("vnc", new DisplayAddress.Unix(directory.resolve("vnc")));
        try (Qemu qemu = new Qemu(directory, all.toArray(new String[0]));
                GuestDisplay display = new VncDisplayFactory(PixelBudget.unlimited(), Duration.ofSeconds(30))
                        .open(source.withKeymap(keymap))) {
            display.start(seen);
            int before = seen.damageCount();
            assertTrue(seen.await(r -> r.damage.size() > before, 30), "no picture: " + seen.failures);
            qemu.serial(1);
            for (Scancode key : keys) {
                display.send(new InputEvent.Key(key, true));
                display.send(new InputEvent.Key(key, false));
            }
            characters.codePoints().forEach(c -> {
                display.send(new InputEvent.Unicode(c, true));
                display.send(new InputEvent.Unicode(c, false));
            });
            display.send(new InputEvent.Key(Scancode.of(0x44), true));
            return traced();
        }
    }

    /** The keys of the trace before F10, without those that no key of a guest stands for. */
    private List<String> traced() throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (true) {
            List<String> keys = new ArrayList<>();
            Matcher found = KEY.matcher(Files.readString(directory.resolve("trace")));
            while (found.find()) {
                // SysRq is what Print is with Alt, and one key for the guest.
                keys.add(found.group(1).equals("sysrq") ? "print" : found.group(1));
            }
            if (!keys.isEmpty() && keys.get(keys.size() - 1).equals("f10")) {
                keys.removeIf(key -> key.equals("unmapped"));
                return keys.subList(0, keys.size() - 1);
            }
            assertTrue(System.nanoTime() < end, "the keys do not arrive: " + keys);
            Pause.briefly();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"en-us", "de", "fr", "de-ch", "pl", "hu", "ja", "ru"})
    void guestGetsTheKeyThatWasPressedWhateverTheKeymap(String keymap) throws Exception {
        assumeTrue(Qemu.isInstalled(), Qemu.PROGRAM + " is not installed");
        List<String> expected = pressed(keys(), "");
        assertEquals(keys().size(), expected.size());
        assertEquals(expected, pressed(keys(), "", "-k", keymap));
    }

    @Test
    void mediaKeysArriveAsThemselvesOrNotAtAll() throws Exception {
        assumeTrue(Qemu.isInstalled(), Qemu.PROGRAM + " is not installed");
        List<Scancode> media = new ArrayList<>();
        for (int code : MEDIA) {
            media.add(Scancode.extended(code));
        }
        assertEquals(List.of("audiomute", "volumedown", "volumeup"), pressed(media, ""));
        assertEquals(List.of(), pressed(media, "", "-k", "en-us"));
    }

    @Test
    void charactersAreTypedOnTheKeymap() throws Exception {
        assumeTrue(Qemu.isInstalled(), Qemu.PROGRAM + " is not installed");
        assertEquals(
                List.of("y", "shift", "z", "alt_r", "q", "semicolon", "less"),
                pressed(List.of(), "zY@\u00f6<", "-k", "de"));
    }
}
