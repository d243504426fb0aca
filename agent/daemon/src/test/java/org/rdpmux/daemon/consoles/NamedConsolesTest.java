// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon.consoles;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rdpmux.daemon.config.ConfiguredConsole;
import org.rdpmux.daemon.endpoint.KnownConsole;
import org.rdpmux.daemon.state.StateDirectory;
import org.rdpmux.display.DisplayAddress;
import org.rdpmux.display.DisplaySource;
import org.rdpmux.display.GuestDisplayFactory;
import org.rdpmux.security.access.Authentication;

class NamedConsolesTest {

    @TempDir
    Path directory;

    private final List<DisplaySource> opened = new ArrayList<>();
    private StateDirectory state = new StateDirectory(Path.of("/nonexistent"));

    private NamedConsoles consoles(ConfiguredConsole... configured) {
        Map<String, ConfiguredConsole> byName = new TreeMap<>();
        for (ConfiguredConsole console : configured) {
            byName.put(console.name(), console);
        }
        GuestDisplayFactory recorder = source -> {
            opened.add(source);
            return FakeDisplay.of(1, 1);
        };
        state.close(); // the agent of an earlier life has ended
        state = new StateDirectory(directory);
        return new NamedConsoles(new Displays(Map.of("vnc", recorder)), state, byName);
    }

    private static ConfiguredConsole console(String name, String address) {
        return new ConfiguredConsole(name, address, OptionalInt.empty(), Optional.empty(), Optional.empty());
    }

    private static Map<String, KnownConsole> byName(NamedConsoles consoles) {
        Map<String, KnownConsole> byName = new TreeMap<>();
        consoles.consoles().forEach(console -> byName.put(console.name(), console));
        return byName;
    }

    @Test
    void whatWasAttachedIsThereInTheNextLife() {
        ConfiguredConsole full = new ConfiguredConsole(
                "lab-1",
                "vnc+unix:///run/a%20b/vnc.sock",
                OptionalInt.of(4001),
                Optional.of(Path.of("/etc/odd \\u0041 = ü # name")),
                Optional.of(Authentication.TLS));
        NamedConsoles first = consoles();
        first.attach(full);
        first.attach(console("x", "vnc://[::1]:5901"));
        first.attach(console("gone", "vnc://127.0.0.1:5902"));
        first.detach("gone");

        Map<String, KnownConsole> next = byName(consoles());
        assertEquals(List.of("lab-1", "x"), List.copyOf(next.keySet()));
        assertEquals(byName(first), next);
        assertEquals(OptionalInt.of(4001), next.get("lab-1").pin());
        assertEquals(KnownConsole.Origin.ATTACHED, next.get("x").origin());
        assertEquals(Optional.of(Authentication.TLS), next.get("lab-1").access().policy());
        next.get("x").display().orElseThrow().displays().get();
        assertEquals(new DisplayAddress.Tcp("::1", 5901), opened.get(0).address());
    }

    @Test
    void thePasswordIsReadWhenItIsNeeded() throws IOException {
        Path file = directory.resolve("password");
        NamedConsoles consoles = consoles();
        consoles.attach(
                new ConfiguredConsole("x", "vnc://h:1", OptionalInt.empty(), Optional.of(file), Optional.empty()));
        consoles.consoles().get(0).display().orElseThrow().displays().get();
        DisplaySource source = opened.get(0);
        assertEquals(Optional.empty(), source.password().get());
        Files.writeString(file, "sesame\nsecond line\n");
        assertEquals("sesame", new String(source.password().get().orElseThrow()));
        Files.write(file, new byte[1_000_000]);
        assertEquals(Optional.empty(), source.password().get(), "no password is that long");
    }

    @Test
    void aNameIsTakenOnce() {
        NamedConsoles consoles = consoles(console("conf", "vnc://h:1"));
        consoles.attach(console("x", "vnc://h:2"));
        assertEquals(
                "there is a console 'x' already",
                assertThrows(IllegalArgumentException.class, () -> consoles.attach(console("x", "vnc://h:3")))
                        .getMessage());
        assertThrows(IllegalArgumentException.class, () -> consoles.attach(console("conf", "vnc://h:3")));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> consoles.detach("conf"))
                .getMessage()
                .contains("stands in the configuration"));
        assertThrows(IllegalArgumentException.class, () -> consoles.detach("unheard-of"));
    }

    @Test
    void aConfigurationThatComesToNameAnAttachedConsoleWins() {
        NamedConsoles consoles = consoles();
        consoles.attach(console("x", "vnc://attached:1"));
        consoles.configure(Map.of("x", console("x", "vnc://configured:1")));
        assertEquals(KnownConsole.Origin.CONFIGURED, byName(consoles).get("x").origin());
        consoles.configure(Map.of());
        assertEquals(KnownConsole.Origin.ATTACHED, byName(consoles).get("x").origin());
    }

    @Test
    void thereIsAnEndToAttaching() throws IOException {
        String full = IntStream.range(0, NamedConsoles.MAX_ATTACHED)
                .mapToObj(i -> "console.c" + i + " = vnc://h:1\n")
                .collect(Collectors.joining());
        Files.writeString(directory.resolve("attached"), full);
        NamedConsoles consoles = consoles();
        assertEquals(NamedConsoles.MAX_ATTACHED, consoles.consoles().size());
        assertThrows(IllegalArgumentException.class, () -> consoles.attach(console("more", "vnc://h:1")));
        consoles.detach("c0");
        consoles.attach(console("more", "vnc://h:1"));
    }

    @Test
    void aDamagedFileAttachesNothingAndHarmsNothing() throws IOException {
        Files.writeString(directory.resolve("attached"), "console.x = gopher://h:1\n");
        assertEquals(List.of(), consoles().consoles());
        Files.write(directory.resolve("attached"), new byte[] {0, 1, (byte) 0xff, '='});
        assertEquals(List.of(), consoles().consoles());
    }
}
