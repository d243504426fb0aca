// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server;

/**
 * What viewers and guests may exchange of their clipboards.
 *
 * @param guestToClient whether viewers may paste what guests have copied
 * @param clientToGuest whether guests may paste what viewers have copied. They may ask at any time, unseen
 * @param maxBytes of a text at most, in each form in which it is carried; 1 or more
 */
public record ClipboardPolicy(boolean guestToClient, boolean clientToGuest, int maxBytes) {

    /** Nothing is exchanged, and no client is offered it. */
    public static final ClipboardPolicy OFF = new ClipboardPolicy(false, false, 1);

    public ClipboardPolicy {
        if (maxBytes < 1) {
            throw new IllegalArgumentException("clipboard of " + maxBytes + " bytes");
        }
    }

    /** Whether anything is exchanged at all. */
    public boolean isOn() {
        return guestToClient || clientToGuest;
    }
}
