// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.control.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.rdpmux.control.LockList;
import org.rdpmux.control.TicketReport;
import org.rdpmux.control.UserList;

/** Users, tickets and lock-outs as text for people. */
final class AccessReportText {

    private static final String VIEW_ONLY = "view-only";

    private AccessReportText() {}

    static List<String> users(List<UserList.User> users) {
        if (users.isEmpty()) {
            return List.of("no users ('rdpmuxctl user add NAME' adds one)");
        }
        Table table = new Table("USER", "ROLE", "STATE");
        users.forEach(
                user -> table.add(user.name(), user.viewOnly() ? VIEW_ONLY : "", user.disabled() ? "disabled" : ""));
        return table.lines();
    }

    /**
     * A new ticket with its password.
     *
     * @param file it was written to, too
     */
    static List<String> issued(TicketReport ticket, Optional<Path> file) {
        List<String> lines = new ArrayList<>();
        lines.add("Ticket " + Table.printable(ticket.id()) + " opens " + Table.printable(ticket.console())
                + (ticket.viewOnly() ? " to look on" : "") + ", once, within " + ReportText.duration(ticket.seconds()));
        ReportText.field(lines, "Address", ticket.host() + ":" + ticket.port());
        ReportText.field(lines, "User", ticket.user());
        ReportText.field(lines, "Password", String.valueOf(ticket.password().characters()));
        file.ifPresent(path -> ReportText.field(lines, "File", path + ", with the password in it"));
        ReportText.field(lines, "Open with", ticket.openWith());
        return lines;
    }

    static List<String> tickets(List<TicketReport> tickets) {
        if (tickets.isEmpty()) {
            return List.of("no unused tickets");
        }
        Table table = new Table("ID", "CONSOLE", "USER", "ROLE", "EXPIRES IN");
        tickets.forEach(ticket -> table.add(
                ticket.id(),
                ticket.console(),
                ticket.user(),
                ticket.viewOnly() ? VIEW_ONLY : "",
                ReportText.duration(ticket.seconds())));
        return table.lines();
    }

    static List<String> locks(List<LockList.Lock> locks) {
        if (locks.isEmpty()) {
            return List.of("nobody is locked out");
        }
        Table table = new Table("SOURCE", "USER", "ENDS IN");
        locks.forEach(lock -> table.add(
                lock.source(), lock.user().isEmpty() ? "(any)" : lock.user(), ReportText.duration(lock.seconds())));
        return table.lines();
    }
}
