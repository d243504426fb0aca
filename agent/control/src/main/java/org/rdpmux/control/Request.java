// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.control;

import java.util.List;

/**
 * What a client asks of the agent. Each request names the report that answers it, and {@link Routes} says how it travels.
 * Consoles are named by their name, by their domain's UUID, by their VMID, or by the endpoint's port.
 */
public sealed interface Request {

    /** All consoles: {@link ConsoleList}. */
    record ListConsoles() implements Request {}

    /** The agent itself: {@link AgentReport}. */
    record AgentStatus() implements Request {}

    /** The configuration that is in effect: {@link ConfigurationReport}. */
    record ShowConfiguration() implements Request {}

    /** One console with its viewers: {@link ConsoleReport}. */
    record ConsoleStatus(String console) implements Request {}

    /** Its viewers alone: {@link ViewerList}. */
    record ListViewers(String console) implements Request {}

    /**
     * What the guest's screen, or a part of it, shows: {@link Screenshot}.
     *
     * @param x left edge of the part in pixels
     * @param y top edge
     * @param width of the part; 0 for all of the screen, as {@code height} then
     * @param height likewise
     */
    record TakeScreenshot(String console, long x, long y, long width, long height) implements Request {

        /** Of all of the screen. */
        public TakeScreenshot(String console) {
            this(console, 0, 0, 0, 0);
        }
    }

    /**
     * Waits for something at the guest's screen: {@link ScreenReport}, once it has come or the time is over.
     *
     * @param after a {@link ScreenReport#version} that the part has to have changed since; 0 for none
     * @param settleMillis how long the part must not have changed; 0 if it may
     * @param seconds how long to wait
     * @param x left edge of the part in pixels
     * @param y top edge
     * @param width of the part; 0 for all of the screen, as {@code height} then
     * @param height likewise
     */
    record AwaitScreen(
            String console, long after, long settleMillis, long seconds, long x, long y, long width, long height)
            implements Request {}

    /**
     * Types and points, as a viewer would: {@link Done}, once the guest's keyboard has got all of it.
     *
     * @param layout of the keyboard that text is typed on: its name, such as {@code de}, or Windows' number, such as {@code
     *     0x407}; empty for that of the guest's display, or US
     * @param force also while a viewer holds a key or a button down
     * @param steps in order
     */
    record SendInput(String console, String layout, boolean force, List<InputStep> steps) implements Request {
        public SendInput {
            steps = List.copyOf(steps);
        }

        /** What is typed is nobody else's business. */
        @Override
        public String toString() {
            return "SendInput[console=" + console + ", " + steps.size() + " steps]";
        }
    }

    /**
     * Serves a console that libvirt does not manage, from now on and after restarts: {@link ConsoleReport}.
     *
     * @param name what people call it
     * @param address {@code vnc://HOST:PORT} or {@code vnc+unix:///PATH}
     * @param port the endpoint's port; 0 for the next free one
     * @param passwordFile absolute path of a file that the agent reads the display's password from; empty if it has none
     * @param policy what clients must prove: {@code nla}, {@code tls} or {@code none}; empty for what the configuration
     *     says for all
     */
    record Attach(String name, String address, int port, String passwordFile, String policy) implements Request {}

    /** Takes back an {@link Attach}: {@link Done}. */
    record Detach(String console) implements Request {}

    /**
     * Sends a viewer of a console away: {@link Done}.
     *
     * @param viewer a {@link ViewerReport#id}
     */
    record Disconnect(String console, long viewer) implements Request {}

    /** Sends all viewers of a console away: {@link Done}. */
    record DisconnectAll(String console) implements Request {}

    /**
     * Looks at a guest anew, as after an event of libvirt; for hooks, that know of a start first: {@link Done}. What comes of
     * it is not waited for.
     *
     * @param guest the UUID of a domain, or the VMID of a guest of Proxmox; it need not be known yet
     */
    record Refresh(String guest) implements Request {}

    /** Reads the configuration again: {@link Done}. */
    record Reload() implements Request {}

    /** The users who may log in: {@link UserList}. */
    record ListUsers() implements Request {}

    /**
     * Adds a user: {@link Done}.
     *
     * @param viewOnly only looks on
     */
    record AddUser(String user, Secret password, boolean viewOnly) implements Request {}

    /** Gives a user another password: {@link Done}. */
    record ChangePassword(String user, Secret password) implements Request {}

    /**
     * Removes a user: {@link Done}.
     *
     * @param disconnect also ends this user's sessions
     */
    record RemoveUser(String user, boolean disconnect) implements Request {}

    /**
     * Makes a ticket: {@link TicketReport} with its password.
     *
     * @param seconds it can be used; 0 for the usual time
     * @param viewOnly its bearer only looks on
     * @param user the name to log in with; empty for one made up
     */
    record IssueTicket(String console, long seconds, boolean viewOnly, String user) implements Request {}

    /** The tickets that can still be used: {@link TicketList}. */
    record ListTickets() implements Request {}

    /** Ends a ticket before its time: {@link Done}. */
    record RevokeTicket(String ticket) implements Request {}

    /** Who is locked out: {@link LockList}. */
    record ListLocks() implements Request {}

    /**
     * Lifts lock-outs: {@link Done}.
     *
     * @param who a {@link LockList.Lock#source} or an address in it, or a {@link LockList.Lock#user}
     */
    record Unlock(String who) implements Request {}
}
