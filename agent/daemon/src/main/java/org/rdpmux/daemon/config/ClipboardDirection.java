// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon.config;

import org.rdpmux.server.ClipboardPolicy;

/** Which way the clipboard goes. */
public enum ClipboardDirection {
    OFF("off", false, false),
    GUEST_TO_CLIENT("guest-to-client", true, false),
    CLIENT_TO_GUEST("client-to-guest", false, true),
    BOTH("both", true, true);

    private final String text;
    private final boolean guestToClient;
    private final boolean clientToGuest;

    ClipboardDirection(String text, boolean guestToClient, boolean clientToGuest) {
        this.text = text;
        this.guestToClient = guestToClient;
        this.clientToGuest = clientToGuest;
    }

    static ClipboardDirection parse(String text) {
        for (ClipboardDirection each : values()) {
            if (each.text.equals(text)) {
                return each;
            }
        }
        throw new IllegalArgumentException("is none of 'off', 'guest-to-client', 'client-to-guest' and 'both'");
    }

    /** @param maxBytes see {@link ClipboardPolicy#maxBytes} */
    public ClipboardPolicy policy(int maxBytes) {
        return new ClipboardPolicy(guestToClient, clientToGuest, maxBytes);
    }
}
