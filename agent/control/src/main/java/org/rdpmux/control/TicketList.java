// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.control;

import java.util.List;

/** The tickets that can still be used, oldest first. */
public record TicketList(List<TicketReport> tickets) {
    public TicketList {
        tickets = List.copyOf(tickets);
    }
}
