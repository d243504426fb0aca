// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.display;

/**
 * A guest's clipboard: a facet of displays that carry it. It exchanges text, which is all that QEMU and VNC servers carry of
 * it. Nothing is exchanged before it is enabled. Belongs to its display: its methods may be called from any one thread at a
 * time, return at once, do nothing once the display is closed and never throw.
 */
public interface Clipboard {

    /**
     * Has the display exchange the clipboard; {@link GuestDisplay.Listener#clipboard} hears what the guest says. To be called
     * before {@link GuestDisplay#start}.
     *
     * @param maxBytes of a text at most, in the form in which the display carries it; a longer one is not to be had. Bounds the
     *     memory that a guest can cause
     */
    void enable(int maxBytes);

    /** What the viewers' end says. A display that cannot be asked later asks as soon as it is offered something. */
    void send(ClipboardEvent event);
}
