// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.libvirt;

import java.util.concurrent.locks.LockSupport;
import org.libvirt.Library;
import org.libvirt.LibvirtException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * libvirt's event loop, on a thread of its own for as long as the process lives: libvirt has one loop for all connections,
 * wants it before the first of them, and has no way to end it. Callbacks run on this thread and must not call libvirt.
 */
final class EventLoop {
    private static final Logger LOG = LoggerFactory.getLogger(EventLoop.class);

    /** The pause after an error of the loop, so that one that persists does not eat a processor. */
    private static final long PAUSE_NANOS = 100_000_000;

    private static boolean running;

    private EventLoop() {}

    /**
     * Returns when the loop is there.
     *
     * @throws LinkageError if libvirt's client library is not installed
     */
    static synchronized void ensureRunning() throws LibvirtException {
        if (running) {
            return;
        }
        LibvirtNative.beQuiet();
        Library.initEventLoop();
        Thread thread = new Thread(EventLoop::run, "libvirt-events");
        thread.setDaemon(true);
        thread.start();
        running = true;
    }

    private static void run() {
        boolean failed = false;
        while (true) {
            try {
                Library.processEvent();
                failed = false;
            } catch (LibvirtException | RuntimeException e) {
                if (!failed) {
                    LOG.warn("libvirt's event loop reports an error; going on", e);
                }
                failed = true;
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }
}
