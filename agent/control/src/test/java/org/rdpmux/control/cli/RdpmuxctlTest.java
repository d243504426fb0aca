// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.control.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rdpmux.control.ConfigurationReport;
import org.rdpmux.control.ConsoleList;
import org.rdpmux.control.ControlApi;
import org.rdpmux.control.Done;
import org.rdpmux.control.EventReport;
import org.rdpmux.control.LockList;
import org.rdpmux.control.Problem;
import org.rdpmux.control.Request;
import org.rdpmux.control.Samples;
import org.rdpmux.control.ScriptedAgent;
import org.rdpmux.control.Secret;
import org.rdpmux.control.TicketList;
import org.rdpmux.control.UserList;

class RdpmuxctlTest {

    @TempDir
    Path directory;

    private final List<Request> asked = new CopyOnWriteArrayList<>();

    private record Outcome(int status, String out, String err) {}

    private Outcome run(String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int status = Rdpmuxctl.run(
                new PrintWriter(out, true), new PrintWriter(err, true), user -> "s3cret".toCharArray(), args);
        return new Outcome(status, out.toString(), err.toString());
    }

    private Outcome runAgainst(Record reply, String... args) throws Exception {
        try (ScriptedAgent agent = ScriptedAgent.answering(directory, sent -> {
            asked.add(sent.request());
            return ScriptedAgent.answer(reply);
        })) {
            List<String> all = new ArrayList<>(Arrays.asList(args));
            all.add("--socket");
            all.add(agent.socket().toString());
            return run(all.toArray(String[]::new));
        }
    }

    private static Record consoles() {
        return new ConsoleList(List.of(Samples.demo(), Samples.withoutDisplay(), Samples.shutOff()));
    }

    @Test
    void listsRunningGuests() throws Exception {
        assertEquals(new Outcome(0, """
                        NAME      STATE    ENDPOINT              SCREEN   DISPLAY      VIEWERS          NOTE
                        demo      running  rdp://127.0.0.1:3901  640x480  VNC display  2 (1 view-only)
                        headless  running  -                     -        -            -                no VNC display; add <graphics type='vnc'/>
                        """, ""), runAgainst(consoles(), "list"));
    }

    @Test
    void listsGuestsThatAreShutOffWhenAsked() throws Exception {
        Outcome outcome = runAgainst(consoles(), "list", "--all");
        assertTrue(outcome.out().contains("spare     shut off  -  "), outcome.out());
    }

    @Test
    void leavesOutTheNotesWhereThereIsNone() throws Exception {
        assertEquals(
                """
                NAME  STATE    ENDPOINT              SCREEN   DISPLAY      VIEWERS
                demo  running  rdp://127.0.0.1:3901  640x480  VNC display  2 (1 view-only)
                """,
                runAgainst(new ConsoleList(List.of(Samples.demo())), "list").out());
    }

    @Test
    void saysThatThereIsNothingToList() throws Exception {
        assertTrue(runAgainst(new ConsoleList(List.of()), "list").out().startsWith("no consoles"));
        assertEquals(
                "no guest is running (--all shows the others)\n",
                runAgainst(new ConsoleList(List.of(Samples.shutOff())), "list").out());
    }

    @Test
    void listsAsJsonForScripts() throws Exception {
        Outcome outcome = runAgainst(consoles(), "list", "--json");
        assertEquals(ControlApi.toJson(consoles()), outcome.out().strip());
    }

    @Test
    void showsAConsoleWithItsViewersAndDisarmsWhatClientsCallThemselves() throws Exception {
        assertEquals("""
                demo
                  UUID        6d1a3bc2-0000-4000-8000-000000000001
                  Origin      libvirt
                  State       running
                  Endpoint    rdp://127.0.0.1:3901
                  Access      nla
                  Certificate 01:ef
                  Open with   xfreerdp /v:127.0.0.1:3901 /u:USER /cert:tofu
                  Display     VNC display, running
                  Screen      640x480
                  Changes     1234
                  H.264       56 frames
                  Input       17 events
                  Viewers     2 (1 view-only)

                ID  FROM             CLIENT    USER  ROLE       FOR    DESKTOP     SENT     STATE   LATENCY  ROUND TRIP  CODECS
                7   127.0.0.1:40000  desk      ann              1h 2m  640x480x32  1.25 MB  active  3.4 ms   1.2 ms      ClearCodec, H.264
                12  [::1]:40002      evil?[2J        view-only  5s     800x600x16  999 B    slow
                """, runAgainst(Samples.demo(), "status", "demo").out());
        assertEquals(List.of(new Request.ConsoleStatus("demo")), asked);
    }

    @Test
    void showsTheAgent() throws Exception {
        assertEquals("""
                rdpmux 0.1.0
                  Process     4711, running for 1d 2h
                  Settings    /etc/rdpmux/rdpmux.conf
                  libvirt     qemu:///system, connecting: nobody answers
                  Endpoints   1
                  Viewers     2
                  Memory      171 MB resident, heap 50.0 MB of at most 1.00 GB
                  H.264       OpenH264 2.3.1
                  Certificate ab:cd
                  Warning     /var/lib/rdpmux is not writable
                """, runAgainst(Samples.agent(), "status").out());
    }

    @Test
    void printsTheUriAloneOnStandardOutput() throws Exception {
        assertEquals(
                new Outcome(0, "rdp://127.0.0.1:3901\n", "open with: xfreerdp /v:127.0.0.1:3901 /u:USER /cert:tofu\n"),
                runAgainst(Samples.demo(), "uri", "demo"));
        assertEquals(
                new Outcome(1, "", "rdpmuxctl: headless has no endpoint: no VNC display; add <graphics type='vnc'/>\n"),
                runAgainst(Samples.withoutDisplay(), "uri", "headless"));
    }

    @Test
    void attachesDetachesAndDisconnects() throws Exception {
        Outcome attached =
                runAgainst(Samples.demo(), "attach", "vnc://127.0.0.1:5900", "--name", "demo", "--port", "3901");
        runAgainst(Samples.demo(), "attach", "vnc://h:1", "--name", "demo", "--policy", "tls");
        assertEquals(0, attached.status());
        assertEquals(
                "demo  rdp://127.0.0.1:3901  open with: xfreerdp /v:127.0.0.1:3901 /u:USER /cert:tofu\n",
                attached.out());
        Outcome detached = runAgainst(Done.of("demo is detached"), "detach", "demo");
        assertEquals(new Outcome(0, "demo is detached\n", ""), detached);
        runAgainst(Done.of(), "disconnect", "demo");
        runAgainst(Done.of(), "disconnect", "demo", "12");
        runAgainst(Done.of(), "refresh", "5d4e1f0c-3f0a-4c1e-9a52-7264706d7578");
        runAgainst(Done.of(), "reload");
        assertEquals(
                List.of(
                        new Request.Attach("demo", "vnc://127.0.0.1:5900", 3901, "", ""),
                        new Request.Attach("demo", "vnc://h:1", 0, "", "tls"),
                        new Request.Detach("demo"),
                        new Request.DisconnectAll("demo"),
                        new Request.Disconnect("demo", 12),
                        new Request.Refresh("5d4e1f0c-3f0a-4c1e-9a52-7264706d7578"),
                        new Request.Reload()),
                asked);
    }

    @Test
    void keepsUsersWithPasswordsThatStandOnNoCommandLine() throws Exception {
        Done done = Done.of("done");
        assertEquals(new Outcome(0, "done\n", ""), runAgainst(done, "user", "add", "ann", "--view-only"));
        runAgainst(done, "user", "passwd", "ann");
        runAgainst(done, "user", "remove", "ann");
        assertEquals(
                List.of(
                        new Request.AddUser("ann", Secret.of("s3cret".toCharArray()), true),
                        new Request.ChangePassword("ann", Secret.of("s3cret".toCharArray())),
                        new Request.RemoveUser("ann", false)),
                asked);
        assertEquals(2, run("user", "add", "ann", "s3cret").status());
        UserList users =
                new UserList(List.of(new UserList.User("ann", false, true), new UserList.User("b", true, false)));
        assertEquals("""
                USER  ROLE       STATE
                ann   view-only
                b                disabled
                """, runAgainst(users, "user", "list").out());
    }

    @Test
    void showsATicketOnceAndWritesItForClients() throws Exception {
        Path file = directory.resolve("demo.rdp");
        Outcome outcome = runAgainst(
                Samples.ticket(),
                "ticket",
                "demo",
                "--ttl",
                "120",
                "--view-only",
                "--user",
                "x",
                "--rdp",
                file.toString());
        assertEquals(List.of(new Request.IssueTicket("demo", 120, true, "x")), asked);
        assertEquals("""
                Ticket 7f3kq9wd opens demo to look on, once, within 2m 0s
                  Address     127.0.0.1:3901
                  User        ticket-7f3kq9wd
                  Password    0123456789abcdefghjkmnpqrs
                  File        %s, with the password in it
                  Open with   xfreerdp /v:127.0.0.1:3901 /u:ticket-7f3kq9wd /cert:tofu
                """.formatted(file), outcome.out());
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        assertEquals(
                List.of(
                        "full address:s:127.0.0.1:3901",
                        "username:s:ticket-7f3kq9wd",
                        "enablecredsspsupport:i:1",
                        "negotiate security layer:i:1",
                        "authentication level:i:2",
                        "prompt for credentials:i:0",
                        "password:s:0123456789abcdefghjkmnpqrs"),
                Files.readAllLines(file));
        asked.clear();
        Outcome again = runAgainst(Samples.ticket(), "ticket", "demo", "--rdp", file.toString());
        assertEquals(2, again.status());
        assertTrue(again.err().contains("is there already"), again.err());
        assertEquals(List.of(), asked);
    }

    @Test
    void listsAndEndsTicketsAndLocks() throws Exception {
        assertEquals(
                """
                ID        CONSOLE  USER             ROLE       EXPIRES IN
                7f3kq9wd  demo     ticket-7f3kq9wd  view-only  2m 0s
                """,
                runAgainst(new TicketList(List.of(Samples.ticket())), "tickets").out());
        runAgainst(Done.of(), "revoke", "7f3kq9wd");
        LockList locks =
                new LockList(List.of(new LockList.Lock("", "::/64", 61), new LockList.Lock("a", "192.0.2.1", 5)));
        assertEquals("""
                SOURCE     USER   ENDS IN
                ::/64      (any)  1m 1s
                192.0.2.1  a      5s
                """, runAgainst(locks, "locks").out());
        runAgainst(Done.of(), "unlock", "192.0.2.1");
        assertEquals(
                List.of(
                        new Request.ListTickets(),
                        new Request.RevokeTicket("7f3kq9wd"),
                        new Request.ListLocks(),
                        new Request.Unlock("192.0.2.1")),
                asked);
    }

    @Test
    void showsTheConfigurationWithWhereItStands() throws Exception {
        ConfigurationReport report = new ConfigurationReport(
                "/etc/rdpmux/rdpmux.conf",
                List.of(
                        new ConfigurationReport.Setting("frame.rate", "60", "default", false),
                        new ConfigurationReport.Setting("log.level", "debug", "/etc/rdpmux/rdpmux.conf:7", true)));
        assertEquals(new Outcome(0, """
                KEY         VALUE  SOURCE
                frame.rate  60     default
                log.level   debug  /etc/rdpmux/rdpmux.conf:7
                """, ""), runAgainst(report, "config"));
        assertEquals(
                ControlApi.toJson(report) + "\n",
                runAgainst(report, "config", "--json").out());
    }

    @Test
    void printsEventsUntilTheAgentEnds() throws Exception {
        EventReport event = new EventReport(
                "x-1",
                "2026-01-01T00:00:00Z",
                "viewer-left",
                "web1",
                "u",
                "",
                "",
                7,
                "ann",
                "192.0.2.1:5",
                0,
                "gone\u001b[2J");
        String data = "data: " + ControlApi.toJson(event) + "\n\n";
        String answer = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
                + Integer.toHexString(data.length()) + "\r\n" + data + "\r\n0\r\n\r\n";
        try (ScriptedAgent agent = ScriptedAgent.answering(directory, sent -> answer)) {
            String ended = "rdpmuxctl: the agent has ended the stream of events\n";
            assertEquals(
                    new Outcome(3, "2026-01-01T00:00:00Z  viewer-left             web1: gone?[2J\n", ended),
                    run("events", "--socket", agent.socket().toString()));
            assertEquals(
                    new Outcome(3, ControlApi.toJson(event) + "\n", ended),
                    run("events", "--json", "--socket", agent.socket().toString()));
        }
    }

    @Test
    void passesOnARefusal() throws Exception {
        assertEquals(
                new Outcome(1, "", "rdpmuxctl: there is no console 'x'\n"),
                runAgainst(Problem.of(404, "Not Found", "there is no console 'x'"), "status", "x"));
    }

    @Test
    void takesNoNameWhoseLettersTheLocaleLost() {
        Outcome outcome = run("user", "add", "J\uFFFD\uFFFDrgen");
        assertEquals(2, outcome.status());
        assertTrue(outcome.err().contains("cannot be read in this shell's locale"), outcome.err());
    }

    @Test
    void saysWhatToDoWhereNoAgentAnswers() {
        Path nowhere = directory.resolve("none.sock");
        Outcome outcome = run("--socket", nowhere.toString(), "list");
        assertEquals(3, outcome.status());
        assertTrue(outcome.err().contains("no agent answers at " + nowhere), outcome.err());
        assertTrue(outcome.err().contains("systemctl start rdpmux"), outcome.err());
        assertEquals(1, outcome.err().lines().count(), outcome.err());
    }

    @Test
    void anotherSortOfFileAndAPathTooLongAreNoAgentEither() throws Exception {
        Path file = Files.createFile(directory.resolve("file"));
        assertEquals(3, run("list", "--socket", file.toString()).status());
        assertEquals(3, run("list", "--socket", "/" + "x".repeat(200)).status());
    }

    @Test
    void wrongUsageIsToldApart() {
        for (String[] args : new String[][] {
            {},
            {"frobnicate"},
            {"attach", "vnc://x:1"},
            {"uri"},
            {"attach", "a", "--name", "b", "--port", "x"},
            {"disconnect", "demo", "0"},
            {"list", "extra"},
            {"user"},
            {"ticket", "demo", "--ttl", "0"},
            {"ticket", "demo", "--ttl", "86401"},
            {"unlock"}
        }) {
            Outcome outcome = run(args);
            assertEquals(2, outcome.status(), Arrays.toString(args));
            assertEquals("", outcome.out(), Arrays.toString(args));
            assertTrue(outcome.err().matches("(?s).*(Usage: rdpmuxctl|Unmatched argument).*"), outcome.err());
        }
    }

    @Test
    void helpTellsTheExitStatuses() {
        Outcome outcome = run("--help");
        assertEquals(0, outcome.status());
        for (String expected :
                List.of("list", "attach", "disconnect", "user", "ticket", "locks", "reload", "3   the agent cannot")) {
            assertTrue(outcome.out().contains(expected), outcome.out());
        }
        assertEquals(0, run("attach", "--help").status());
    }

    @Test
    void theDoctorSaysWhatToDoAboutAnAgentThatDoesNotAnswer() {
        String socket = directory.resolve("none").toString();
        Outcome outcome = run("doctor", "--socket", socket);
        assertEquals(1, outcome.status(), outcome.err());
        assertTrue(outcome.out().startsWith("problem  agent        no agent answers at " + socket), outcome.out());
        assertTrue(outcome.out().contains("\n                      -> 'journalctl -u rdpmux'"), outcome.out());
        assertTrue(run("doctor", "--json", "--socket", socket).out().contains("\"state\":\"problem\""));
    }

    @Test
    void printsACompletionScript() {
        Outcome outcome = run("completion");
        assertEquals(0, outcome.status());
        assertTrue(outcome.out().contains("complete -F _complete_rdpmuxctl"), "no completion");
    }
}
