// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.vnc;

import java.time.Duration;
import org.rdpmux.display.DisplaySource;
import org.rdpmux.display.GuestDisplay;
import org.rdpmux.display.GuestDisplayFactory;
import org.rdpmux.display.PixelBudget;

/**
 * Opens VNC displays: {@code vnc://HOST:PORT}, {@code vnc+unix:///PATH}, and connected sockets that libvirt hands out.
 * Needs Linux on x86-64 or arm64. Its threads are daemons, shared by all displays, and begin with the first of them.
 */
public final class VncDisplayFactory implements GuestDisplayFactory {

    /** The type of these displays, and the scheme of their addresses. */
    public static final String TYPE = "vnc";

    /** How long a server may take from connecting to showing its screen. */
    public static final Duration DEFAULT_DEADLINE = Duration.ofSeconds(10);

    private final PixelBudget pixels;
    private final Duration deadline;

    /** Servers have {@link #DEFAULT_DEADLINE}. @param pixels what the pixels of all screens are counted by */
    public VncDisplayFactory(PixelBudget pixels) {
        this(pixels, DEFAULT_DEADLINE);
    }

    /**
     * @param pixels what the pixels of all screens are counted by
     * @param deadline how long a server may take from connecting to showing its screen
     */
    public VncDisplayFactory(PixelBudget pixels, Duration deadline) {
        if (deadline.isZero() || deadline.isNegative()) {
            throw new IllegalArgumentException("deadline " + deadline + " is over before it begins");
        }
        this.pixels = pixels;
        this.deadline = deadline;
    }

    @Override
    public GuestDisplay open(DisplaySource source) {
        if (!source.type().equals(TYPE)) {
            throw new IllegalArgumentException("not a VNC display: " + source);
        }
        return new VncDisplay(source, VncThreads.shared(), pixels, deadline);
    }
}
