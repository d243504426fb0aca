// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.control.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.rdpmux.control.AgentReport;
import org.rdpmux.control.ConsoleList;
import org.rdpmux.control.ConsoleReport;
import org.rdpmux.control.ControlApi;
import org.rdpmux.control.ControlClient;
import org.rdpmux.control.Done;
import org.rdpmux.control.EventReport;
import org.rdpmux.control.Request;
import org.rdpmux.control.Screenshot;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The rdpmuxctl command. */
@Command(
        name = "rdpmuxctl",
        description = "Shows and steers the consoles that the rdpmux agent of this host serves.",
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        versionProvider = Rdpmuxctl.Version.class,
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "0:done",
            "1:the agent refused the request, and says why; or what 'expect' waits for has not come",
            "2:wrong usage",
            "3:the agent cannot be reached"
        },
        footerHeading = "%nEnvironment:%n",
        footer = "  RDPMUX_CONTROL   the agent's control socket, where --socket is not given",
        subcommands = {
            Rdpmuxctl.ListConsoles.class,
            Rdpmuxctl.Status.class,
            DoctorCommand.class,
            EventsCommand.class,
            Rdpmuxctl.Uri.class,
            Rdpmuxctl.Attach.class,
            Rdpmuxctl.Detach.class,
            Rdpmuxctl.Disconnect.class,
            ScreenshotCommand.class,
            InputCommands.Key.class,
            InputCommands.Type.class,
            InputCommands.Click.class,
            ExpectCommand.class,
            AccessSubcommands.User.class,
            AccessSubcommands.TicketIssue.class,
            AccessSubcommands.TicketShow.class,
            AccessSubcommands.Revoke.class,
            AccessSubcommands.Locks.class,
            AccessSubcommands.Unlock.class,
            ConfigCommand.class,
            Rdpmuxctl.Reload.class,
            Rdpmuxctl.Refresh.class,
            Completion.class
        })
public final class Rdpmuxctl implements Runnable {

    static final int REFUSED = 1;
    static final int USAGE = 2;
    static final int UNREACHABLE = 3;
    private static final String NO_COMMAND = "What is to be done? Give a command.";
    private static final String DEFAULT_SOCKET = "/run/rdpmux/control.sock";

    @Option(
            names = "--socket",
            paramLabel = "PATH",
            scope = CommandLine.ScopeType.INHERIT,
            defaultValue = "${env:RDPMUX_CONTROL:-" + DEFAULT_SOCKET + "}",
            showDefaultValue = CommandLine.Help.Visibility.NEVER,
            description = "The agent's control socket. Default: " + DEFAULT_SOCKET)
    private Path socket;

    @Spec
    private CommandSpec spec;

    private final PasswordSource passwords;

    private Rdpmuxctl(PasswordSource passwords) {
        this.passwords = passwords;
    }

    /** Runs the command line and exits. */
    public static void main(String[] args) {
        PrintWriter out = new PrintWriter(System.out, true);
        System.exit(run(out, new PrintWriter(System.err, true), PasswordSource.standard(), args));
    }

    /** What the command line takes: the source of the help, and of the manual page and the completions. */
    public static CommandSpec commandLine() {
        return new CommandLine(new Rdpmuxctl(PasswordSource.standard())).getCommandSpec();
    }

    /** Runs the command line. */
    static int run(PrintWriter out, PrintWriter err, PasswordSource passwords, String... args) {
        if (Stream.of(args).anyMatch(arg -> arg.indexOf('\uFFFD') >= 0)) {
            // As Java reads what the locale's character set has no letter for. A name like that must not be stored.
            err.println(
                    "rdpmuxctl: letters of the command line cannot be read in this shell's locale; set another one, such"
                            + " as LC_ALL=C.UTF-8 ('locale charmap' is to say UTF-8)");
            return USAGE;
        }
        return new CommandLine(new Rdpmuxctl(passwords))
                .setOut(out)
                .setErr(err)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler(Rdpmuxctl::explain)
                .execute(args);
    }

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), NO_COMMAND);
    }

    /** What could not be done, as a sentence and an exit status. */
    private static int explain(Exception e, CommandLine command, CommandLine.ParseResult parsed) throws Exception {
        if (!(e instanceof IOException)) {
            throw e;
        }
        command.getErr().println("rdpmuxctl: " + Table.printable(String.valueOf(e.getMessage())));
        if (e instanceof PasswordSource.NoPasswordException) {
            return USAGE;
        }
        return e instanceof ControlClient.RefusedException ? REFUSED : UNREACHABLE;
    }

    PasswordSource passwords() {
        return passwords;
    }

    Path socket() {
        return socket;
    }

    <T extends Record> T ask(Request request, Class<T> type) throws IOException {
        try (ControlClient client = ControlSocket.connect(socket)) {
            return client.ask(request, type);
        }
    }

    ControlClient connect() throws IOException {
        return ControlSocket.connect(socket);
    }

    Screenshot screenshot(Request.TakeScreenshot request) throws IOException {
        try (ControlClient client = ControlSocket.connect(socket)) {
            return client.screenshot(request);
        }
    }

    void watch(Predicate<EventReport> taker) throws IOException {
        try (ControlClient client = ControlSocket.connect(socket)) {
            client.watch("", taker);
        }
    }

    /** What the commands share. */
    @Command(mixinStandardHelpOptions = true, versionProvider = Version.class)
    abstract static class Base implements Callable<Integer> {
        @Spec
        CommandSpec spec;

        final Rdpmuxctl agent() {
            return (Rdpmuxctl) spec.root().userObject();
        }

        final void print(List<String> lines) {
            PrintWriter out = spec.commandLine().getOut();
            lines.forEach(out::println);
        }

        final CommandLine.ParameterException usage(String sentence) {
            return new CommandLine.ParameterException(spec.commandLine(), sentence);
        }
    }

    /** Commands that only hold others. */
    abstract static class Group extends Base {
        @Override
        public final Integer call() {
            throw usage(NO_COMMAND);
        }
    }

    /** Commands that have the agent do something and pass on what it says about that. */
    abstract static class Order extends Base {
        abstract Request request() throws IOException;

        @Override
        public Integer call() throws IOException {
            print(agent().ask(request(), Done.class).messages().stream()
                    .map(Table::printable)
                    .toList());
            return 0;
        }
    }

    /** Commands that show a report, for people or for scripts. */
    abstract static class Show extends Base {
        @Option(names = "--json", description = "As JSON, everything, for scripts.")
        private boolean json;

        final <R extends Record> Integer show(R report, Function<R, List<String>> text) {
            print(json ? List.of(ControlApi.toJson(report)) : text.apply(report));
            return 0;
        }
    }

    @Command(
            name = "list",
            description = "Lists the consoles: one line for each guest with the address of its endpoint.")
    static final class ListConsoles extends Show {
        @Option(names = "--all", description = "Also guests that are shut off.")
        private boolean all;

        @Override
        public Integer call() throws IOException {
            ConsoleList list = agent().ask(new Request.ListConsoles(), ConsoleList.class);
            return show(list, shown -> ReportText.list(shown.consoles(), all));
        }
    }

    @Command(name = "status", description = "Shows the agent, or one console with its viewers.")
    static final class Status extends Show {
        @Parameters(arity = "0..1", paramLabel = "CONSOLE", description = "Name, UUID, VMID or port.")
        private String console;

        @Override
        public Integer call() throws IOException {
            return console == null
                    ? show(agent().ask(new Request.AgentStatus(), AgentReport.class), ReportText::agent)
                    : show(agent().ask(new Request.ConsoleStatus(console), ConsoleReport.class), ReportText::console);
        }
    }

    @Command(
            name = "uri",
            description = {
                "Prints where RDP clients find a console, as rdp://HOST:PORT on standard output,",
                "and on standard error a command that opens it."
            })
    static final class Uri extends Base {
        @Parameters(paramLabel = "CONSOLE", description = "Name, UUID, VMID or port.")
        private String console;

        @Override
        public Integer call() throws IOException {
            ConsoleReport report = agent().ask(new Request.ConsoleStatus(console), ConsoleReport.class);
            PrintWriter err = spec.commandLine().getErr();
            if (report.uri().isEmpty()) {
                err.println("rdpmuxctl: " + Table.printable(report.name()) + " has no endpoint: "
                        + Table.printable(report.problem()));
                return REFUSED;
            }
            print(List.of(Table.printable(report.uri())));
            err.println("open with: " + Table.printable(report.openWith()));
            return 0;
        }
    }

    @Command(
            name = "attach",
            description = {
                "Serves a console that libvirt does not manage, by the address of its display.",
                "It stays attached, over restarts of the agent too, until it is detached."
            })
    static final class Attach extends Base {
        @Parameters(paramLabel = "ADDRESS", description = "vnc://HOST:PORT or vnc+unix:///PATH")
        private String address;

        @Option(names = "--name", required = true, paramLabel = "NAME", description = "What to call it.")
        private String name;

        @Option(names = "--port", paramLabel = "PORT", description = "The endpoint's port. Default: the next free one.")
        private int port;

        @Option(
                names = "--password-file",
                paramLabel = "FILE",
                description =
                        "File with the display's password on its first line; the agent reads it at each connection.")
        private Path passwordFile;

        @Option(
                names = "--policy",
                paramLabel = "POLICY",
                completionCandidates = Policies.class,
                description = "What clients must prove: ${COMPLETION-CANDIDATES}."
                        + " Default: what the configuration says for all.")
        private String policy = "";

        @Override
        public Integer call() throws IOException {
            String file =
                    passwordFile == null ? "" : passwordFile.toAbsolutePath().toString();
            ConsoleReport report =
                    agent().ask(new Request.Attach(name, address, port, file, policy), ConsoleReport.class);
            print(List.of(Table.printable(
                    report.uri().isEmpty()
                            ? report.name() + " is attached without an endpoint: " + report.problem()
                            : report.name() + "  " + report.uri() + "  open with: " + report.openWith())));
            return 0;
        }
    }

    /** For help and completion; the agent knows what they mean. */
    static final class Policies extends ArrayList<String> {
        private static final long serialVersionUID = 1;

        Policies() {
            super(List.of("nla", "tls", "none"));
        }
    }

    @Command(name = "detach", description = "Ends the service of an attached console.")
    static final class Detach extends Order {
        @Parameters(paramLabel = "NAME", description = "What it was attached as.")
        private String name;

        @Override
        Request request() {
            return new Request.Detach(name);
        }
    }

    @Command(name = "disconnect", description = "Sends viewers of a console away; they may come back.")
    static final class Disconnect extends Order {
        @Parameters(index = "0", paramLabel = "CONSOLE", description = "Name, UUID, VMID or port.")
        private String console;

        @Parameters(
                index = "1",
                arity = "0..1",
                paramLabel = "VIEWER",
                description = "The viewer's ID as 'status CONSOLE' shows it. Default: all viewers.")
        private Long viewer;

        @Override
        Request request() {
            if (viewer != null && viewer < 1) {
                throw usage("A viewer's ID is a number from 1 up.");
            }
            return viewer == null ? new Request.DisconnectAll(console) : new Request.Disconnect(console, viewer);
        }
    }

    @Command(name = "refresh", description = "Looks at a guest anew, as after an event of libvirt. For hooks.")
    static final class Refresh extends Order {
        @Parameters(paramLabel = "GUEST", description = "UUID of a domain, or VMID of a guest of Proxmox.")
        private String domain;

        @Override
        Request request() {
            return new Request.Refresh(domain);
        }
    }

    @Command(
            name = "reload",
            description = "Makes the agent read its configuration again; it says what needs a restart to take effect.")
    static final class Reload extends Order {
        @Override
        Request request() {
            return new Request.Reload();
        }
    }

    /** The version of the distribution that this is part of. */
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Rdpmuxctl.class.getPackage().getImplementationVersion();
            return new String[] {"rdpmuxctl " + (version == null ? "(built from source)" : version)};
        }
    }
}
