// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.rdpmux.control.AgentReport;
import org.rdpmux.control.ConsoleList;
import org.rdpmux.control.ConsoleReport;
import org.rdpmux.control.Done;
import org.rdpmux.control.LockList;
import org.rdpmux.control.Request;
import org.rdpmux.control.Secret;
import org.rdpmux.control.TicketList;
import org.rdpmux.control.TicketReport;
import org.rdpmux.control.UserList;
import org.rdpmux.libvirt.DomainEvent;
import org.rdpmux.security.tls.CertificateStore;

/** Who is let in, and how the agent's control socket changes that. */
@Timeout(120)
class AgentAccessTest extends AgentFixture {

    private static Secret secret(String text) {
        return Secret.of(text.toCharArray());
    }

    @Test
    void keepsUsersWithoutTheirPasswords() throws Exception {
        start();
        ask(new Request.AddUser("ann", secret("hunter2"), true), Done.class);
        ask(new Request.AddUser("bob", secret("hunter3"), false), Done.class);
        assertTrue(refusal(new Request.AddUser("Ann", secret("x"), false)).contains("a user 'ann' already"));
        assertTrue(refusal(new Request.AddUser("a:b", secret("x"), false)).contains("no colons"));
        assertTrue(refusal(new Request.AddUser("c", Secret.NONE, false)).contains("empty password"));
        assertTrue(refusal(new Request.AddUser("c", secret("x".repeat(513)), false))
                .contains("at most 512"));
        assertTrue(refusal(new Request.ChangePassword("nobody", secret("x"))).contains("no user 'nobody'"));
        Path file = directory.resolve("state/users");
        String before = Files.readString(file);
        ask(new Request.ChangePassword("ANN", secret("hunter4")), Done.class);
        String after = Files.readString(file);
        assertNotEquals(before, after);
        assertFalse(after.contains("hunter"), after);
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        ask(new Request.RemoveUser("bob", false), Done.class);
        assertTrue(refusal(new Request.RemoveUser("bob", false)).contains("no user 'bob'"));
        agent.close();
        start();
        assertEquals(
                new UserList(List.of(new UserList.User("ann", false, true))),
                ask(new Request.ListUsers(), UserList.class));
    }

    @Test
    void ticketsEndWithTheirConsoleAndAreAudited() throws Exception {
        Path audit = directory.resolve("audit.log");
        configureWith("audit.file = " + audit + "\nconsole.open = vnc://h:1\nconsole.open.policy = none\n");
        start();
        tell(new DomainEvent.Listed(), started(DEMO, "demo", 1), started(OTHER, "other", 2));
        TicketReport ticket = ask(new Request.IssueTicket("demo", 0, true, ""), TicketReport.class);
        assertEquals(26, ticket.password().characters().length);
        assertEquals(console("demo").port(), ticket.port());
        assertEquals(
                "xfreerdp /v:127.0.0.1:" + ticket.port() + " /u:" + ticket.user() + " /cert:tofu", ticket.openWith());
        assertTrue(ticket.viewOnly() && ticket.seconds() == 120, ticket::toString);
        TicketReport other = ask(new Request.IssueTicket(OTHER.toString(), 9, false, "x y"), TicketReport.class);
        assertTrue(other.openWith().contains(" /u:'x y' "), other::openWith);
        assertEquals(
                2, ask(new Request.ListTickets(), TicketList.class).tickets().size());
        assertTrue(refusal(new Request.IssueTicket("demo", 86401, false, "")).contains("24 hours"));
        assertTrue(refusal(new Request.IssueTicket("open", 0, false, "")).contains("policy is 'none'"));
        tell(stopped(DEMO, "demo", 1));
        assertTrue(refusal(new Request.IssueTicket("demo", 0, false, "")).contains("demo has no endpoint"));
        ask(new Request.RevokeTicket(other.id()), Done.class);
        assertTrue(refusal(new Request.RevokeTicket(ticket.id())).contains("no unused ticket"));
        assertEquals(new TicketList(List.of()), ask(new Request.ListTickets(), TicketList.class));
        List<String> trail = Files.readAllLines(audit).stream()
                .map(line -> line.replaceFirst("time=[^ ]+Z ", ""))
                .toList();
        String by = " by_uid=" + Files.getAttribute(Path.of("/proc/self"), "unix:uid") + " by_user="
                + Files.getOwner(Path.of("/proc/self")).getName() + " by_pid="
                + ProcessHandle.current().pid();
        assertEquals(
                List.of(
                        "event=ticket-issued result=allowed user=" + ticket.user() + " source=local console=demo" + by,
                        "event=ticket-issued result=allowed user=\"x y\" source=local console=other" + by,
                        "event=ticket-revoked result=allowed user=" + ticket.user() + " source=local console=demo",
                        "event=ticket-revoked result=allowed user=\"x y\" source=local console=other" + by),
                trail);
        assertEquals(new LockList(List.of()), ask(new Request.ListLocks(), LockList.class));
        assertTrue(refusal(new Request.Unlock("192.0.2.1")).contains("is not locked out"));
    }

    @Test
    void aReloadTakesAnotherPolicyAndAnotherUsersFile() throws Exception {
        configureWith("security.policy = none\n");
        start();
        tell(new DomainEvent.Listed(), started(DEMO, "demo", 1));
        ConsoleReport open = console("demo");
        assertEquals("none", open.access());
        assertEquals("xfreerdp /v:127.0.0.1:" + open.port() + " /cert:tofu", open.openWith());
        configureWith("security.policy = tls\n");
        Files.writeString(directory.resolve("state/users"), "ann:" + "0".repeat(32) + ":\n");
        Files.setPosixFilePermissions(directory.resolve("state/users"), PosixFilePermissions.fromString("rw-------"));
        ask(new Request.Reload(), Done.class);
        ConsoleReport closed = console("demo");
        assertEquals("tls", closed.access());
        assertEquals(open.port(), closed.port());
        assertTrue(closed.openWith().endsWith(" /u:USER /sec:tls /from-stdin:force /cert:tofu"), closed::openWith);
        assertTrue(accepts(closed));
        assertEquals(1, ask(new Request.ListUsers(), UserList.class).users().size());
        Files.writeString(directory.resolve("state/users"), "ann:damaged");
        ask(new Request.Reload(), Done.class);
        assertEquals(1, ask(new Request.ListUsers(), UserList.class).users().size());
        assertTrue(ask(new Request.AgentStatus(), AgentReport.class)
                .warnings()
                .toString()
                .contains("line 1"));
    }

    @Test
    void aConsoleWithACertificateOfItsOwnShowsItAndOneWithADamagedFileIsNotServed() throws Exception {
        Path own = Files.createDirectory(directory.resolve("own"));
        String fingerprint = CertificateStore.inDirectory(own, List.of("web"), Instant.now())
                .current()
                .fingerprint();
        Path web = Files.move(own.resolve(CertificateStore.OWN_FILE), own.resolve("web.pem"));
        Path lab = Files.writeString(own.resolve("lab.pem"), "damaged");
        Files.setPosixFilePermissions(lab, Files.getPosixFilePermissions(web));
        configureWith("libvirt.uri =\nconsole.web = vnc://h:1\nconsole.lab = vnc://h:1\nconsole.db = vnc://h:1\n");
        start();
        ConsoleReport before = console("web");
        assertEquals("", before.certificate());
        assertTrue(accepts(console("lab")));

        configureWith("libvirt.uri =\nconsole.web = vnc://h:1\nconsole.lab = vnc://h:1\nconsole.db = vnc://h:1\n"
                + "security.certificates = " + own + "\n");
        String answer = ask(new Request.Reload(), Done.class).messages().toString();
        assertTrue(answer.contains("to web are shown its own certificate " + fingerprint), answer);
        assertTrue(answer.contains("the certificate of lab stays as it was: " + lab), answer);
        assertEquals(fingerprint, console("web").certificate());
        assertEquals(before.port(), console("web").port());
        assertEquals("", console("db").certificate());
        List<String> warnings =
                ask(new Request.AgentStatus(), AgentReport.class).warnings();
        assertTrue(warnings.toString().contains(lab.toString()), warnings::toString);

        agent.close();
        start();
        assertEquals(fingerprint, console("web").certificate());
        assertEquals("", console("lab").uri());
        assertTrue(
                console("lab").problem().contains(lab.toString()),
                console("lab").problem());
        Files.delete(lab);
        ask(new Request.Reload(), Done.class);
        assertTrue(accepts(console("lab")));
    }

    @Test
    void anAttachedConsoleHasThePolicyItWasGivenAndIsNotOpenToTheNetworkByMistake() throws Exception {
        start();
        Request.Attach open = new Request.Attach("lab", "vnc://127.0.0.1:1", 0, "", "none");
        assertEquals("none", ask(open, ConsoleReport.class).access());
        ask(new Request.Detach("lab"), Done.class);
        agent.close();
        configureWith("listen.address = 0.0.0.0\n");
        start();
        assertEquals(
                "the policy is 'none' and listen.address is '0.0.0.0', so everybody on the network would control"
                        + " guests; if that is meant, say so with security.none-on-network = yes",
                refusal(open));
        assertEquals(
                List.of(), ask(new Request.ListConsoles(), ConsoleList.class).consoles());
        agent.close();
        configureWith("listen.address = 0.0.0.0\nsecurity.none-on-network = yes\n");
        start();
        assertEquals("none", ask(open, ConsoleReport.class).access());
    }
}
