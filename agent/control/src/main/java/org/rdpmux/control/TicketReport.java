// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.control;

/**
 * A one-time ticket.
 *
 * @param id names it in {@link Request.RevokeTicket}; no secret
 * @param user the name to log in with
 * @param password to log in with, in the answer to {@link Request.IssueTicket} only; empty in lists
 * @param console the name of the one it opens
 * @param host of the endpoint; empty without one
 * @param port of the endpoint; 0 without
 * @param access what clients of it must prove, as in {@link ConsoleReport#access}
 * @param openWith a command line that opens it and asks for the password; empty without an endpoint
 * @param viewOnly its bearer only looks on
 * @param seconds until it expires
 */
public record TicketReport(
        String id,
        String user,
        Secret password,
        String console,
        String host,
        int port,
        String access,
        String openWith,
        boolean viewOnly,
        long seconds) {}
