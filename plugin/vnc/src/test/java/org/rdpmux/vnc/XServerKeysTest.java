// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.vnc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rdpmux.display.DisplayAddress;
import org.rdpmux.display.DisplaySource;
import org.rdpmux.display.GuestDisplay;
import org.rdpmux.display.InputEvent;
import org.rdpmux.display.PixelBudget;
import org.rdpmux.display.Scancode;
import org.rdpmux.display.testing.Pause;
import org.rdpmux.display.testing.Recorder;

/**
 * What X programs get from real VNC servers that go by keysyms, TigerVNC's and x11vnc, while a keyboard is typed on that has
 * the same layout as the X server: the symbols that are printed on it.
 */
@Timeout(120)
class XServerKeysTest {

    private static final Pattern KEY_PRESS =
            Pattern.compile("KeyPress event.*?\\(keysym 0x([0-9a-f]+),", Pattern.DOTALL);

    /** The keys of the four rows, and the one beside the left Shift. */
    private static final int[] KEYS = {
        0x29, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09, 0x0a, 0x0b, 0x0c, 0x0d, //
        0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17, 0x18, 0x19, 0x1a, 0x1b, //
        0x1e, 0x1f, 0x20, 0x21, 0x22, 0x23, 0x24, 0x25, 0x26, 0x27, 0x28, 0x2b, //
        0x56, 0x2c, 0x2d, 0x2e, 0x2f, 0x30, 0x31, 0x32, 0x33, 0x34, 0x35
    };

    @TempDir
    Path directory;

    private final List<Process> processes = new ArrayList<>();
    private final Recorder seen = new Recorder();

    @AfterEach
    void end() throws InterruptedException {
        for (int i = processes.size() - 1; i >= 0; i--) {
            processes.get(i).destroy();
            if (!processes.get(i).waitFor(10, TimeUnit.SECONDS)) {
                processes.get(i).destroyForcibly();
            }
        }
    }

    private static boolean isInstalled(String program) {
        return Stream.of(System.getenv("PATH").split(":")).anyMatch(at -> Files.isExecutable(Path.of(at, program)));
    }

    private Process run(String display, String... command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("DISPLAY", display);
        builder.environment().put("XMODIFIERS", "@im=none"); // or dead keys would bring keys that nobody pressed
        builder.environment().put("XCOMPOSEFILE", "/dev/null");
        Process process = builder.redirectErrorStream(true)
                .redirectOutput(directory.resolve(command[0] + ".log").toFile())
                .start();
        processes.add(process);
        return process;
    }

    private String log(String program) throws IOException {
        return Files.readString(directory.resolve(program + ".log"), StandardCharsets.ISO_8859_1);
    }

    /** Starts a display of the X server's choice. */
    private String start(String... command) throws Exception {
        List<String> all = new ArrayList<>(List.of(command));
        all.addAll(List.of("-displayfd", "1", "-geometry", "640x480", "-nolisten", "tcp"));
        all.removeIf(word -> command[0].equals("Xvfb") && (word.equals("-geometry") || word.equals("640x480")));
        run("", all.toArray(new String[0]));
        Pattern number = Pattern.compile("^(\\d+)$", Pattern.MULTILINE);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (true) {
            Matcher found = number.matcher(log(command[0]));
            if (found.find()) {
                return ":" + found.group(1);
            }
            assertTrue(System.nanoTime() < end, "no display: " + log(command[0]));
            Pause.briefly();
        }
    }

    /** The X server's VNC address, with its keyboard laid out and a program that gets the keys. */
    private DisplaySource server(String kind, String layout) throws Exception {
        String display;
        DisplayAddress address;
        if (kind.equals("x11vnc")) {
            display = start("Xvfb");
            int port;
            try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                port = free.getLocalPort();
            }
            run(display, "setxkbmap", layout).waitFor();
            run(display, "x11vnc", "-rfbport", "" + port, "-nopw", "-localhost", "-forever", "-shared");
            address = new DisplayAddress.Tcp("127.0.0.1", port);
        } else {
            Path socket = directory.resolve("vnc");
            display = start("Xtigervnc", "-SecurityTypes", "None", "-rfbport", "-1", "-rfbunixpath", socket.toString());
            run(display, "setxkbmap", layout).waitFor();
            address = new DisplayAddress.Unix(socket);
        }
        run(display, "xev", "-event", "keyboard", "-geometry", "640x480+0+0");
        return new DisplaySource("vnc", address);
    }

    private GuestDisplay open(DisplaySource source) throws Exception {
        for (int i = 0; i < 100; i++) {
            GuestDisplay display = new VncDisplayFactory(PixelBudget.unlimited(), Duration.ofSeconds(30)).open(source);
            int failures = seen.failures.size();
            display.start(seen);
            assertTrue(seen.await(r -> r.resizes > 0 || r.failures.size() > failures, 30));
            if (seen.resizes > 0) {
                return display;
            }
            display.close();
            Pause.briefly();
        }
        throw new AssertionError(seen.failures.get(0));
    }

    private static void tap(GuestDisplay display, Scancode key) {
        display.send(new InputEvent.Key(key, true));
        display.send(new InputEvent.Key(key, false));
    }

    private List<String> pressed() throws IOException {
        List<String> keysyms = new ArrayList<>();
        Matcher found = KEY_PRESS.matcher(log("xev"));
        while (found.find()) {
            keysyms.add(found.group(1));
        }
        return keysyms;
    }

    /** Types F5 until the program gets it, and a last time when it does: the window may not be there at first. */
    private void awaitWindow(GuestDisplay display) throws Exception {
        display.send(new InputEvent.PointerMove(300, 200));
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (pressed().isEmpty()) {
            assertTrue(System.nanoTime() < end, "the program gets no keys: " + log("xev"));
            tap(display, Scancode.of(0x3f));
            Pause.briefly();
        }
        tap(display, Scancode.of(0x40));
    }

    @ParameterizedTest
    @CsvSource({
        "Xtigervnc,de,407",
        "x11vnc,de,407",
        "Xtigervnc,fr,40c",
        "x11vnc,fr,40c",
        "Xtigervnc,us,409",
        "Xtigervnc,ch,807",
        "Xtigervnc,pl,415",
        "Xtigervnc,ru,419"
    })
    void programsGetWhatIsPrintedOnTheKey(String kind, String layout, String windowsNumber) throws Exception {
        for (String program : List.of(kind, "setxkbmap", "xev", "Xvfb")) {
            assumeTrue(isInstalled(program), program + " is not installed");
        }
        int number = Integer.parseInt(windowsNumber, 16);
        KeyboardLayout printed = KeyboardLayouts.ofWindows(number);
        List<String> expected = new ArrayList<>();
        try (GuestDisplay display = open(server(kind, layout))) {
            awaitWindow(display);
            display.send(new InputEvent.Layout(number));
            for (int level = 0; level < (printed.hasAltGr() ? 3 : 2); level++) {
                Scancode[] held = {null, Scancode.LEFT_SHIFT, Scancode.RIGHT_ALT};
                if (held[level] != null) {
                    display.send(new InputEvent.Key(held[level], true));
                }
                for (int key : KEYS) {
                    int keysym = printed.keysym(key, level);
                    // x11vnc 0.9.16 does not find everything that AltGr makes.
                    if (level < 2 || kind.equals("Xtigervnc") || keysym < 0x7f) {
                        tap(display, Scancode.of(key));
                        expected.add(Integer.toHexString(keysym));
                    }
                }
                if (held[level] != null) {
                    display.send(new InputEvent.Key(held[level], false));
                }
            }
            tap(display, Scancode.of(0x41));
            assertEquals(expected, typed());
        }
    }

    /** What the program got between F6 and F7, without the modifiers. */
    private List<String> typed() throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!pressed().contains("ffc4")) {
            assertTrue(System.nanoTime() < end, "the keys do not arrive: " + pressed());
            Pause.briefly();
        }
        List<String> all = pressed();
        List<String> between = all.subList(all.indexOf("ffc3") + 1, all.indexOf("ffc4"));
        return between.stream()
                .filter(keysym -> !Arrays.asList("ffe1", "fe03").contains(keysym))
                .toList();
    }
}
