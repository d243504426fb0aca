// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.proxmox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ProxmoxWatcherTest {

    @TempDir
    Path directory;

    private final BlockingQueue<List<Integer>> told = new LinkedBlockingQueue<>();
    private ProxmoxWatcher watcher;

    private Path run() {
        return directory.resolve("run");
    }

    /** Events alone make it look again. */
    private boolean watch() {
        return watch(Duration.ofHours(1));
    }

    private boolean watch(Duration look) {
        RunDirectory places = new RunDirectory(run(), directory.resolve("pve"), directory.resolve("proc"));
        watcher = new ProxmoxWatcher(
                places,
                look,
                guests -> told.add(guests.stream().map(ProxmoxGuest::vmid).toList()));
        return watcher.begin();
    }

    @AfterEach
    void close() {
        watcher.close();
    }

    private List<Integer> next() throws InterruptedException {
        List<Integer> next = told.poll(30, TimeUnit.SECONDS);
        assertTrue(next != null, "nothing was told");
        return next;
    }

    /** With its process, whose number is the guest's. */
    private void startGuest(int vmid) throws IOException {
        Path process = Files.createDirectories(directory.resolve("proc/" + vmid));
        Files.writeString(process.resolve("cmdline"), "kvm\0-pidfile\0/x/" + vmid + ".pid\0-name\0a\0");
        Files.writeString(process.resolve("stat"), vmid + " (kvm) S" + " 1".repeat(30));
        Files.writeString(run().resolve(vmid + ".pid"), vmid + "\n");
    }

    @Test
    void tellsWhatIsThereAndWhatComesAndGoes() throws Exception {
        Files.createDirectory(run());
        startGuest(100);
        assertTrue(watch());
        assertEquals(List.of(100), next());
        startGuest(101);
        assertEquals(List.of(100, 101), next());
        Files.delete(run().resolve("100.pid"));
        assertEquals(List.of(101), next());
    }

    @Test
    void tellsThatThereIsNone() throws Exception {
        Files.createDirectory(run());
        assertTrue(watch());
        assertEquals(List.of(), next());
    }

    @Test
    void noticesAProcessThatWasKilledAndLeftItsFile() throws Exception {
        Files.createDirectory(run());
        startGuest(100);
        watch(Duration.ofMillis(10));
        assertEquals(List.of(100), next());
        Files.delete(directory.resolve("proc/100/cmdline"));
        assertEquals(List.of(), next());
    }

    @Test
    void beginsOnceTheDirectoryIsThereAndAgainAfterItWasGone() throws Exception {
        assertFalse(watch());
        Files.createDirectory(run());
        assertTrue(watcher.begin());
        assertEquals(List.of(), next());
        startGuest(100);
        assertEquals(List.of(100), next());
        Files.delete(run().resolve("100.pid"));
        Files.delete(run());
        assertEquals(List.of(), next());
        Files.createDirectory(run());
        startGuest(101);
        assertTrue(watcher.begin());
        do {
            // The directory may be seen without its guest first.
        } while (!next().equals(List.of(101)));
    }

    @Test
    void goesOnInADirectoryThatTookTheOnesPlace() throws Exception {
        Files.createDirectory(run());
        watch(Duration.ofMillis(10));
        assertEquals(List.of(), next());
        Files.move(run(), directory.resolve("old"));
        Files.createDirectory(run());
        startGuest(100);
        assertEquals(List.of(100), next());
        Files.delete(run().resolve("100.pid"));
        assertEquals(List.of(), next());
    }
}
