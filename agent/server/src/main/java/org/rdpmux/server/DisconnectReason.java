// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server;

/** Why a viewer is sent away: what its client is told ([MS-RDPBCGR] 2.2.5.1.1) and what the log says. */
public enum DisconnectReason {
    /** An administrator ended the session. */
    ADMINISTRATOR(0x01, "ended by an administrator"),
    /** The session was idle for too long. */
    IDLE(0x03, "idle for too long"),
    /** The session has lasted for as long as it may. */
    TIME_OVER(0x04, "its time is over"),
    /** Somebody else took the console over; clients with this code do not reconnect by themselves. */
    DISPLACED(0x05, "displaced by another connection"),
    /** The host has no memory for the screen that the client is to see. */
    OUT_OF_MEMORY(0x06, "no memory for the screen"),
    /** A limit of the server was reached. */
    BUSY(0x07, "too many viewers"),
    /** The server refused the connection. */
    DENIED(0x07, "refused"),
    /** The guest was shut off or its console is no longer served. */
    CONSOLE_CLOSED(0x0c, "console closed"),
    /** The server ends. */
    SERVER_STOPPED(0x0b, "server stopped");

    private final int errorInfo;
    private final String text;

    DisconnectReason(int errorInfo, String text) {
        this.errorInfo = errorInfo;
        this.text = text;
    }

    /** The errorInfo field of the Set Error Info PDU. */
    public int errorInfo() {
        return errorInfo;
    }

    /** For the log and for people, such as {@code console closed}. */
    @Override
    public String toString() {
        return text;
    }
}
