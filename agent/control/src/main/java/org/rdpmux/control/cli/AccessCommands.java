// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.control.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.rdpmux.control.ControlProtocol;
import org.rdpmux.control.LockList;
import org.rdpmux.control.Request;
import org.rdpmux.control.Secret;
import org.rdpmux.control.TicketList;
import org.rdpmux.control.TicketReport;
import org.rdpmux.control.UserList;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Commands about who may see consoles. */
final class AccessCommands {

    private AccessCommands() {}

    @Command(
            name = "user",
            description = {
                "Users who may log in to consoles with a password.",
                "A password is asked for twice on the terminal; elsewhere it is the first line of standard input."
            },
            synopsisSubcommandLabel = "COMMAND",
            subcommands = {UserAdd.class, UserPasswd.class, UserRemove.class, UserShow.class})
    static final class User extends Rdpmuxctl.Base {
        @Override
        public Integer call() {
            throw new CommandLine.ParameterException(spec.commandLine(), "What is to be done? Give a command.");
        }
    }

    /** Commands that need a new password. */
    private abstract static class WithPassword extends Rdpmuxctl.Base {
        @Parameters(paramLabel = "NAME", description = "The user's name.")
        String name;

        abstract Request request(Secret password);

        @Override
        public Integer call() throws IOException {
            Secret password = Secret.of(agent().passwords().read(name));
            try {
                done(request(password));
            } finally {
                password.wipe();
            }
            return 0;
        }
    }

    @Command(name = "add", description = "Adds a user.")
    static final class UserAdd extends WithPassword {
        @Option(names = "--view-only", description = "Only looks on, whatever the rules say.")
        boolean viewOnly;

        @Override
        Request request(Secret password) {
            return new Request.AddUser(name, password, viewOnly);
        }
    }

    @Command(name = "passwd", description = "Gives a user another password.")
    static final class UserPasswd extends WithPassword {
        @Override
        Request request(Secret password) {
            return new Request.ChangePassword(name, password);
        }
    }

    @Command(name = "remove", description = "Removes a user; sessions that are open go on.")
    static final class UserRemove extends Rdpmuxctl.Base {
        @Parameters(paramLabel = "NAME", description = "The user's name.")
        String name;

        @Override
        public Integer call() throws IOException {
            done(new Request.RemoveUser(name));
            return 0;
        }
    }

    @Command(name = "list", description = "Lists the users.")
    static final class UserShow extends Rdpmuxctl.Base {
        @Option(names = "--json", description = "As JSON, for scripts.")
        boolean json;

        @Override
        public Integer call() throws IOException {
            UserList list = agent().ask(new Request.ListUsers(), UserList.class);
            print(json ? List.of(ControlProtocol.toJson(list)) : AccessTexts.users(list.users()));
            return 0;
        }
    }

    @Command(
            name = "ticket",
            description = {
                "Makes a ticket: a name and a password that open one console once, within a short time.",
                "It is shown here and nowhere else; 'tickets' lists the unused ones, 'revoke' ends one."
            })
    static final class Ticket extends Rdpmuxctl.Base {
        @Parameters(paramLabel = "CONSOLE", description = "Name, UUID or port.")
        String console;

        @Option(
                names = "--ttl",
                paramLabel = "SECONDS",
                description = "How long it can be used, at most 86400. Default: 120.")
        Long seconds;

        @Option(names = "--view-only", description = "Its bearer only looks on.")
        boolean viewOnly;

        @Option(names = "--user", paramLabel = "NAME", description = "The name to log in with. Default: one made up.")
        String user = "";

        @Option(
                names = "--rdp",
                paramLabel = "FILE",
                description = "Also writes a file for RDP clients, mode 0600, which holds the password.")
        Path file;

        @Option(names = "--json", description = "As JSON, for scripts.")
        boolean json;

        @Override
        public Integer call() throws IOException {
            long most = Duration.ofDays(1).toSeconds();
            if (seconds != null && (seconds < 1 || seconds > most)) {
                throw new CommandLine.ParameterException(spec.commandLine(), "--ttl is 1 to " + most + " seconds.");
            }
            if (file != null) {
                usable(file);
            }
            Request request = new Request.IssueTicket(console, seconds == null ? 0 : seconds, viewOnly, user);
            TicketReport ticket = agent().ask(request, TicketReport.class);
            try {
                if (file != null) {
                    RdpFile.write(file, ticket);
                }
                print(
                        json
                                ? List.of(ControlProtocol.toJson(ticket))
                                : AccessTexts.issued(ticket, Optional.ofNullable(file)));
            } finally {
                ticket.password().wipe();
            }
            return 0;
        }

        private void usable(Path path) {
            try {
                RdpFile.requireAbsent(path);
            } catch (IOException e) {
                throw new CommandLine.ParameterException(spec.commandLine(), "--rdp: " + e.getMessage(), e);
            }
        }
    }

    @Command(name = "tickets", description = "Lists the tickets that can still be used.")
    static final class Tickets extends Rdpmuxctl.Base {
        @Option(names = "--json", description = "As JSON, for scripts.")
        boolean json;

        @Override
        public Integer call() throws IOException {
            TicketList list = agent().ask(new Request.ListTickets(), TicketList.class);
            print(json ? List.of(ControlProtocol.toJson(list)) : AccessTexts.tickets(list.tickets()));
            return 0;
        }
    }

    @Command(name = "revoke", description = "Ends a ticket before it is used.")
    static final class Revoke extends Rdpmuxctl.Base {
        @Parameters(paramLabel = "TICKET", description = "Its ID as 'tickets' shows it.")
        String ticket;

        @Override
        public Integer call() throws IOException {
            done(new Request.RevokeTicket(ticket));
            return 0;
        }
    }

    @Command(name = "locks", description = "Lists who is locked out after too many wrong passwords.")
    static final class Locks extends Rdpmuxctl.Base {
        @Option(names = "--json", description = "As JSON, for scripts.")
        boolean json;

        @Override
        public Integer call() throws IOException {
            LockList list = agent().ask(new Request.ListLocks(), LockList.class);
            print(json ? List.of(ControlProtocol.toJson(list)) : AccessTexts.locks(list.locks()));
            return 0;
        }
    }

    @Command(name = "unlock", description = "Lifts lock-outs.")
    static final class Unlock extends Rdpmuxctl.Base {
        @Parameters(paramLabel = "SOURCE|USER", description = "As 'locks' shows it.")
        String who;

        @Override
        public Integer call() throws IOException {
            done(new Request.Unlock(who));
            return 0;
        }
    }
}
