// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.libvirt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.rdpmux.libvirt.testing.PrivateLibvirtd;

/** A watcher beside a real libvirtd. */
abstract class WatcherFixture {

    @TempDir
    Path dir;

    final EventRecorder events = new EventRecorder();
    PrivateLibvirtd libvirtd;
    DomainWatcher watcher;

    @BeforeEach
    void start() throws InterruptedException {
        libvirtd = PrivateLibvirtd.start(dir);
        watch(WatcherOptions.DEFAULT);
        events.next(DomainEvent.Connected.class);
        events.next(DomainEvent.Listed.class);
    }

    @AfterEach
    void stop() {
        watcher.close();
        libvirtd.close();
    }

    void watch(WatcherOptions options) {
        watcher = new DomainWatcher(libvirtd.uri(), events, options);
        watcher.start();
    }

    static void await(String what, BooleanSupplier condition) {
        long deadline =
                System.nanoTime() + Duration.ofSeconds(EventRecorder.SECONDS).toNanos();
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadline, what);
            LockSupport.parkNanos(5_000_000);
        }
    }

    UUID define(String name) throws InterruptedException {
        libvirtd.keys(name);
        DomainInfo domain = events.next(DomainEvent.Defined.class).domain();
        assertEquals(name, domain.name());
        assertFalse(domain.active());
        return domain.uuid();
    }

    DomainInfo started() throws InterruptedException {
        DomainInfo domain = events.skipTo(DomainEvent.Started.class).domain();
        // A restored domain is paused at first: by now it may run.
        assertEquals(
                domain.generation(), watcher.domain(domain.uuid()).orElseThrow().generation());
        return domain;
    }
}
