// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.control.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.rdpmux.control.LockList;
import org.rdpmux.control.Request;
import org.rdpmux.control.Secret;
import org.rdpmux.control.TicketList;
import org.rdpmux.control.TicketReport;
import org.rdpmux.control.UserList;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Commands about who may see consoles. */
final class AccessSubcommands {

    private AccessSubcommands() {}

    @Command(
            name = "user",
            description = {
                "Users who may log in to consoles with a password.",
                "A password is asked for twice on the terminal; elsewhere it is the first line of standard input."
            },
            synopsisSubcommandLabel = "COMMAND",
            subcommands = {UserAdd.class, UserPasswd.class, UserRemove.class, UserShow.class})
    static final class User extends Rdpmuxctl.Group {}

    /** Commands that need a new password. */
    private abstract static class WithPassword extends Rdpmuxctl.Order {
        @Parameters(paramLabel = "NAME", description = "The user's name.")
        String name;

        private Secret password = Secret.NONE;

        abstract Request request(Secret newPassword);

        @Override
        final Request request() throws IOException {
            password = Secret.of(agent().passwords().read(name));
            return request(password);
        }

        @Override
        public Integer call() throws IOException {
            try {
                return super.call();
            } finally {
                password.wipe();
            }
        }
    }

    @Command(name = "add", description = "Adds a user.")
    static final class UserAdd extends WithPassword {
        @Option(names = "--view-only", description = "Only looks on, whatever the rules say.")
        private boolean viewOnly;

        @Override
        Request request(Secret newPassword) {
            return new Request.AddUser(name, newPassword, viewOnly);
        }
    }

    @Command(name = "passwd", description = "Gives a user another password.")
    static final class UserPasswd extends WithPassword {
        @Override
        Request request(Secret newPassword) {
            return new Request.ChangePassword(name, newPassword);
        }
    }

    @Command(name = "remove", description = "Removes a user; open sessions go on, unless --disconnect ends them.")
    static final class UserRemove extends Rdpmuxctl.Order {
        @Parameters(paramLabel = "NAME", description = "The user's name.")
        private String name;

        @Option(names = "--disconnect", description = "Also ends the user's sessions.")
        private boolean disconnect;

        @Override
        Request request() {
            return new Request.RemoveUser(name, disconnect);
        }
    }

    @Command(name = "list", description = "Lists the users.")
    static final class UserShow extends Rdpmuxctl.Show {
        @Override
        public Integer call() throws IOException {
            return show(
                    agent().ask(new Request.ListUsers(), UserList.class), list -> AccessReportText.users(list.users()));
        }
    }

    @Command(
            name = "ticket",
            description = {
                "Makes a ticket: a name and a password that open one console once, within a short time.",
                "It is shown here and nowhere else; 'tickets' lists the unused ones, 'revoke' ends one."
            })
    static final class TicketIssue extends Rdpmuxctl.Show {
        private static final long MOST_SECONDS = Duration.ofDays(1).toSeconds();

        @Parameters(paramLabel = "CONSOLE", description = "Name, UUID, VMID or port.")
        private String console;

        @Option(
                names = "--ttl",
                paramLabel = "SECONDS",
                description = "How long it can be used, at most 86400. Default: 120.")
        private Long seconds;

        @Option(names = "--view-only", description = "Its bearer only looks on.")
        private boolean viewOnly;

        @Option(names = "--user", paramLabel = "NAME", description = "The name to log in with. Default: one made up.")
        private String user = "";

        @Option(
                names = "--rdp",
                paramLabel = "FILE",
                description = "Also writes a file for RDP clients, mode 0600, which holds the password.")
        private Path file;

        @Override
        public Integer call() throws IOException {
            if (seconds != null && (seconds < 1 || seconds > MOST_SECONDS)) {
                throw usage("--ttl is 1 to " + MOST_SECONDS + " seconds.");
            }
            // A ticket that cannot be written down would be made for nobody.
            requireAbsent();
            TicketReport ticket = agent().ask(
                            new Request.IssueTicket(console, seconds == null ? 0 : seconds, viewOnly, user),
                            TicketReport.class);
            try {
                if (file != null) {
                    RdpFile.write(file, ticket);
                }
                return show(ticket, issued -> AccessReportText.issued(issued, Optional.ofNullable(file)));
            } finally {
                ticket.password().wipe();
            }
        }

        private void requireAbsent() {
            try {
                if (file != null) {
                    RdpFile.requireAbsent(file);
                }
            } catch (IOException e) {
                throw usage("--rdp: " + e.getMessage());
            }
        }
    }

    @Command(name = "tickets", description = "Lists the tickets that can still be used.")
    static final class TicketShow extends Rdpmuxctl.Show {
        @Override
        public Integer call() throws IOException {
            return show(
                    agent().ask(new Request.ListTickets(), TicketList.class),
                    list -> AccessReportText.tickets(list.tickets()));
        }
    }

    @Command(name = "revoke", description = "Ends a ticket before it is used.")
    static final class Revoke extends Rdpmuxctl.Order {
        @Parameters(paramLabel = "TICKET", description = "Its ID as 'tickets' shows it.")
        private String ticket;

        @Override
        Request request() {
            return new Request.RevokeTicket(ticket);
        }
    }

    @Command(name = "locks", description = "Lists who is locked out after too many wrong passwords.")
    static final class Locks extends Rdpmuxctl.Show {
        @Override
        public Integer call() throws IOException {
            return show(
                    agent().ask(new Request.ListLocks(), LockList.class), list -> AccessReportText.locks(list.locks()));
        }
    }

    @Command(name = "unlock", description = "Lifts lock-outs.")
    static final class Unlock extends Rdpmuxctl.Order {
        @Parameters(paramLabel = "SOURCE|USER", description = "As 'locks' shows it, or an address.")
        private String who;

        @Override
        Request request() {
            return new Request.Unlock(who);
        }
    }
}
