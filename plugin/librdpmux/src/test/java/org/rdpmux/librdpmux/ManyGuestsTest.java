// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.librdpmux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What registrations cost, and that it comes back. */
@Tag("librdpmux")
class ManyGuestsTest {

    private static final int GUESTS = 10_000;

    @TempDir
    Path directory;

    private record OpenResources(long descriptors, int threads, int mappings) {
        static OpenResources now() throws IOException {
            try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
                int pid = (int) ProcessHandle.current().pid();
                long sharedMappings = new ProcessTable()
                        .maps(
                                pid,
                                lines -> lines.filter(line -> line.contains(".rdpmux"))
                                        .count());
                return new OpenResources(descriptors.count(), Thread.activeCount(), (int) sharedMappings);
            }
        }
    }

    @Test
    void tenThousandRegistrationsComeAndGo() throws Exception {
        try (RegistryFixture warmUp = new RegistryFixture(directory.resolve("warm"))) {
            warmUp.registered(warmUp.claim(ProtocolVersion.V5));
        }
        OpenResources before = OpenResources.now();
        try (RegistryFixture fixture = new RegistryFixture(directory, new LibrdpmuxConfig.Limits(GUESTS, GUESTS))) {
            int threads = OpenResources.now().threads();
            List<CompletableFuture<String>> answers = new ArrayList<>();
            for (int i = 0; i < GUESTS; i++) {
                answers.add(fixture.registry.register(fixture.claim(ProtocolVersion.V3)));
            }
            for (CompletableFuture<String> answer : answers) {
                assertTrue(answer.get(5, TimeUnit.MINUTES).startsWith("ipc:///"));
            }
            assertEquals(
                    "process " + RegistryFixture.SELF.pid() + " has " + GUESTS + " guests already",
                    fixture.register(fixture.claim(ProtocolVersion.V3)));
            OpenResources full = OpenResources.now();
            assertTrue(full.descriptors() < before.descriptors() + GUESTS + 100, full.toString());
            assertTrue(full.threads() <= threads + 2, full.toString());
            for (int i = 0; i < 3; i++) { // each of them is served
                GuestRegistration guest = fixture.listener.guests.values().stream()
                        .skip(i * 4000L)
                        .findFirst()
                        .orElseThrow();
                try (ScriptedGuest script = fixture.connect(guest)) {
                    assertEquals("93040111", script.receive());
                    script.send("9105");
                    Wait.until("it is gone", () -> fixture.listener.gone.contains(guest.key()));
                }
            }
            fixture.restart();
            assertEquals(GUESTS - 3, fixture.listener.guests.size());
        }
        Wait.until("all is given back", () -> {
            OpenResources after = OpenResources.now();
            return after.descriptors() <= before.descriptors() + 5
                    && after.threads() <= before.threads()
                    && after.mappings() == 0;
        });
    }
}
