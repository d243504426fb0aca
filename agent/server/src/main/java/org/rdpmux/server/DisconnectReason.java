// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server;

import org.rdpmux.pdu.share.SetErrorInfo;

/**
 * Why a viewer is sent away: what its client is told ([MS-RDPBCGR] 2.2.5.1.1) and what the log says. Clients show the text
 * that belongs to the code, and those that reconnect by themselves do so only where they are told nothing.
 */
public enum DisconnectReason {
    /** An administrator ended the session. */
    ADMINISTRATOR(SetErrorInfo.RPC_INITIATED_DISCONNECT, "ended by an administrator"),
    /** The session has lasted for as long as it may. */
    TIME_OVER(SetErrorInfo.LOGON_TIMEOUT, "its time is over"),
    /** Somebody else took the console over; clients with this code do not reconnect by themselves. */
    DISPLACED(SetErrorInfo.DISCONNECTED_BY_OTHER_CONNECTION, "displaced by another connection"),
    /** The host has no memory for the screen that the client is to see. */
    OUT_OF_MEMORY(SetErrorInfo.OUT_OF_MEMORY, "no memory for the screen"),
    /** A limit of the server was reached. */
    BUSY(SetErrorInfo.SERVER_DENIED_CONNECTION, "too many viewers"),
    /** The guest was shut off or its console is no longer served. */
    CONSOLE_CLOSED(SetErrorInfo.LOGOFF_BY_USER, "console closed"),
    /** The server ends, often to start again at once: clients are to come back, as they do when the network fails. */
    SERVER_STOPPED(SetErrorInfo.NONE, "server stopped");

    private final int errorInfo;
    private final String text;

    DisconnectReason(int errorInfo, String text) {
        this.errorInfo = errorInfo;
        this.text = text;
    }

    /** The errorInfo field of the Set Error Info PDU; {@link SetErrorInfo#NONE} to end the connection without a word. */
    public int errorInfo() {
        return errorInfo;
    }

    /** For the log and for people, such as {@code console closed}. */
    @Override
    public String toString() {
        return text;
    }
}
