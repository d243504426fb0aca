// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.qemudbus;

import java.time.Duration;
import org.rdpmux.display.DisplayAddress;
import org.rdpmux.display.DisplaySource;
import org.rdpmux.display.GuestDisplay;
import org.rdpmux.display.GuestDisplayFactory;
import org.rdpmux.display.PixelBudget;

/**
 * Opens D-Bus displays of QEMU over connected sockets that libvirt or QEMU's monitor hand out. Needs Linux on x86-64 or arm64.
 * Its threads are daemons, shared by all displays, and begin with the first of them.
 */
public final class QemuDisplayFactory implements GuestDisplayFactory {

    /** The type of these displays. */
    public static final String TYPE = "qemu-dbus";

    /** How long QEMU may take from connecting to showing its screen. */
    public static final Duration DEFAULT_DEADLINE = Duration.ofSeconds(10);

    private final PixelBudget pixels;
    private final Duration deadline;

    /** QEMU has {@link #DEFAULT_DEADLINE}. @param pixels what the pixels of screens that come in messages are counted by */
    public QemuDisplayFactory(PixelBudget pixels) {
        this(pixels, DEFAULT_DEADLINE);
    }

    QemuDisplayFactory(PixelBudget pixels, Duration deadline) {
        this.pixels = pixels;
        this.deadline = deadline;
    }

    @Override
    public GuestDisplay open(DisplaySource source) {
        if (!source.type().equals(TYPE) || !(source.address() instanceof DisplayAddress.Opened opened)) {
            throw new IllegalArgumentException("not a D-Bus display over a socket that is handed out: " + source);
        }
        return new QemuDisplay(opened, pixels, deadline);
    }
}
