// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.Mockito.doThrow;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.rdpmux.control.AgentReport;
import org.rdpmux.control.ConsoleList;
import org.rdpmux.control.ConsoleReport;
import org.rdpmux.control.ControlClient;
import org.rdpmux.control.Done;
import org.rdpmux.control.LockList;
import org.rdpmux.control.Request;
import org.rdpmux.control.Secret;
import org.rdpmux.control.TicketList;
import org.rdpmux.control.TicketReport;
import org.rdpmux.control.UserList;
import org.rdpmux.daemon.config.ConfigurationException;
import org.rdpmux.daemon.config.LogLevel;
import org.rdpmux.daemon.config.SettingsReader;
import org.rdpmux.daemon.consoles.Displays;
import org.rdpmux.daemon.consoles.FakeDisplay;
import org.rdpmux.daemon.consoles.FakeGuest;
import org.rdpmux.librdpmux.GuestControl;
import org.rdpmux.librdpmux.GuestListener;
import org.rdpmux.librdpmux.GuestRegistration;
import org.rdpmux.librdpmux.LibrdpmuxService;
import org.rdpmux.libvirt.ConnectionFailure;
import org.rdpmux.libvirt.DomainEvent;
import org.rdpmux.libvirt.DomainInfo;
import org.rdpmux.libvirt.DomainSettings;
import org.rdpmux.libvirt.DomainState;
import org.rdpmux.libvirt.DomainWatcher;
import org.rdpmux.libvirt.Graphics;
import org.rdpmux.libvirt.StopReason;
import org.rdpmux.security.tls.CertificateStore;
import org.rdpmux.server.RdpServer;

/** The whole agent in this process, with a libvirt that the tests play and displays that are made up. */
@Timeout(120)
class AgentTest {

    private static final Duration PATIENT = Duration.ofSeconds(30);
    private static final UUID DEMO = new UUID(1, 1);
    private static final UUID OTHER = new UUID(1, 2);

    /** Making a certificate takes a second; one will do for all tests. */
    @TempDir
    static Path certificates;

    @TempDir
    Path directory;

    private final DomainWatcher watcher = mock(DomainWatcher.class);
    private Consumer<DomainEvent> libvirt;
    private final LibrdpmuxService service = mock(LibrdpmuxService.class);
    private GuestListener registry;
    private LogLevel logLevel;
    private Path configuration;
    private int firstPort;
    private Agent agent;

    @BeforeAll
    static void makeCertificate() throws IOException {
        CertificateStore.inDirectory(certificates, List.of("localhost"), Instant.now());
    }

    @BeforeEach
    void configure() throws IOException {
        Path state = Files.createDirectories(directory.resolve("state"));
        Files.createDirectories(directory.resolve("run"));
        Files.copy(certificates.resolve(CertificateStore.OWN_FILE), state.resolve(CertificateStore.OWN_FILE));
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            firstPort = Math.min(free.getLocalPort(), 65000);
        }
        configuration = directory.resolve("rdpmux.conf");
        configureWith("");
        when(watcher.failure()).thenReturn(Optional.empty());
    }

    @AfterEach
    void stop() {
        if (agent != null) {
            agent.close();
        }
    }

    private void configureWith(String more) throws IOException {
        Files.writeString(
                configuration,
                "runtime.directory = " + directory.resolve("run") + "\nstate.directory = " + directory.resolve("state")
                        + "\nlisten.ports = " + firstPort + "-" + (firstPort + 100) + "\n" + more);
    }

    private Agent.Parts parts() {
        return new Agent.Parts(
                new Displays(Map.of("vnc", FakeDisplay.provider(720, 400))),
                RdpServer::new,
                (uri, sink) -> {
                    libvirt = sink;
                    return watcher;
                },
                (config, listener) -> {
                    registry = listener;
                    return service;
                },
                Clock.systemUTC(),
                Optional.empty(),
                level -> logLevel = level);
    }

    private void start() throws Exception {
        agent = Agent.start(() -> SettingsReader.read(Optional.of(configuration), List.of()), parts());
    }

    private <T extends Record> T ask(Request request, Class<T> type) throws IOException {
        try (ControlClient client = ControlClient.connect(directory.resolve("run/control.sock"), PATIENT)) {
            return client.ask(request, type);
        }
    }

    private String refusal(Request request) {
        return assertThrows(ControlClient.RefusedException.class, () -> ask(request, Done.class))
                .getMessage();
    }

    private List<ConsoleReport> list() throws IOException {
        return ask(new Request.ListConsoles(), ConsoleList.class).consoles();
    }

    private ConsoleReport console(String name) throws IOException {
        return ask(new Request.ConsoleStatus(name), ConsoleReport.class);
    }

    /** What was posted before has been done when this returns, since requests wait in the same queue. */
    private void tell(DomainEvent... events) throws IOException {
        Stream.of(events).forEach(libvirt);
        list();
    }

    private static DomainInfo domain(UUID uuid, String name, boolean active, long generation) {
        return new DomainInfo(
                uuid,
                name,
                active ? OptionalInt.of((int) generation) : OptionalInt.empty(),
                active ? DomainState.RUNNING : DomainState.OFF,
                generation,
                true,
                List.of(new Graphics(0, "vnc", OptionalInt.empty(), Optional.empty(), Optional.empty())),
                DomainSettings.NONE);
    }

    private static DomainEvent started(UUID uuid, String name, long generation) {
        return new DomainEvent.Started(domain(uuid, name, true, generation));
    }

    private static DomainEvent stopped(UUID uuid, String name, long generation) {
        return new DomainEvent.Stopped(domain(uuid, name, false, generation), StopReason.DESTROYED);
    }

    private static boolean accepts(ConsoleReport console) {
        try (Socket socket = new Socket(console.host(), console.port())) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private static void await(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENT.toNanos();
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < end, "waited in vain until " + what);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }

    @Test
    void aDomainThatStartsHasAnEndpointUntilItStops() throws Exception {
        start();
        verify(watcher).start();
        tell(new DomainEvent.Connected("test"), new DomainEvent.Defined(domain(DEMO, "demo", false, 0)));
        assertEquals("", console("demo").uri());
        assertEquals("shut off", console("demo").state());
        tell(new DomainEvent.Listed(), started(DEMO, "demo", 1));
        ConsoleReport running = console("demo");
        assertTrue(accepts(running), running::toString);
        assertEquals("rdp://127.0.0.1:" + running.port(), running.uri());
        assertEquals(DEMO.toString(), running.uuid());
        assertEquals("xfreerdp /v:127.0.0.1:" + running.port() + " /u:USER /cert:tofu", running.openWith());
        assertEquals(running.uri(), console(DEMO.toString()).uri());
        assertEquals(running.port(), console(String.valueOf(running.port())).port());

        tell(stopped(DEMO, "demo", 1));
        assertFalse(accepts(running));
        assertEquals("", console("demo").uri());
        tell(new DomainEvent.Undefined(domain(DEMO, "demo", false, 1)));
        assertEquals(List.of(), list());
    }

    @Test
    void theSizeOfTheScreenIsKnownBeforeAnybodyLooksOn() throws Exception {
        start();
        tell(new DomainEvent.Listed(), started(DEMO, "demo", 1));
        await("the size is known", () -> {
            try {
                return console("demo").width() == 720 && console("demo").height() == 400;
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
    }

    @Test
    void portsSurviveGuestsAndAgents() throws Exception {
        start();
        tell(new DomainEvent.Listed(), started(DEMO, "b", 1), started(OTHER, "a", 2));
        int port = console("b").port();
        assertNotEquals(port, console("a").port());
        tell(stopped(OTHER, "a", 2), stopped(DEMO, "b", 1), started(DEMO, "b", 3));
        assertEquals(port, console("b").port());
        agent.close();
        start();
        tell(started(DEMO, "renamed", 1), new DomainEvent.Listed());
        assertEquals(port, console("renamed").port());
        assertTrue(accepts(console("renamed")));
    }

    @Test
    void anAttachedConsoleIsServedUntilItIsDetachedAlsoByTheNextAgent() throws Exception {
        start();
        ConsoleReport attached = ask(new Request.Attach("lab", "vnc://127.0.0.1:1", 0, "", ""), ConsoleReport.class);
        assertTrue(accepts(attached));
        assertEquals("attached", attached.origin());
        assertTrue(refusal(new Request.Attach("lab", "vnc://127.0.0.1:1", 0, "", ""))
                .contains("already"));
        agent.close();
        assertFalse(accepts(attached));
        start();
        assertTrue(accepts(attached));
        assertEquals(Done.of("lab is detached"), ask(new Request.Detach("lab"), Done.class));
        assertFalse(accepts(attached));
        assertTrue(refusal(new Request.Detach("lab")).contains("no console is attached as 'lab'"));
    }

    @Test
    void aGuestOfItsOwnHasAnEndpointThatItsControlKnows() throws Exception {
        configureWith("librdpmux.unmanaged = yes\nsecurity.policy = none\n");
        start();
        verify(service).start();
        GuestRegistration guest = FakeGuest.of(OTHER).build();
        GuestControl control = registry.registered(guest);
        assertEquals(List.of(), list(), "before libvirt was heard it may be a domain");
        tell(new DomainEvent.Listed());
        ConsoleReport console = console(OTHER.toString());
        assertTrue(accepts(console));
        assertEquals("registered", console.origin());
        assertEquals("librdpmux 5", console.display());
        assertEquals(console.port(), control.port());
        assertEquals(0, control.connectedPeers());
        assertFalse(control.requiresAuthentication());
        assertThrows(IllegalArgumentException.class, () -> control.setAuthentication(true));
        assertThrows(IllegalArgumentException.class, () -> control.setCredentialFile("relative"));
        control.setCredentialFile("/no/such.sam");
        control.setAuthentication(true);
        assertTrue(control.requiresAuthentication());
        assertEquals(console.port(), control.port());

        control.shutdown();
        assertEquals(0, control.port());
        assertFalse(accepts(console));
        assertTrue(console(OTHER.toString()).problem().contains("shut down"));
        registry.gone(guest);
        assertEquals(List.of(), list());
        registry.registered(FakeGuest.of(OTHER).build());
        assertEquals(console.port(), console(OTHER.toString()).port());
    }

    @Test
    void aDomainWhoseGuestRegistersKeepsItsEndpointAndFallsBack() throws Exception {
        configureWith("libvirt.uri = test:///default\n");
        start();
        GuestRegistration early = FakeGuest.of(DEMO).runsDomain(directory).build();
        try {
            registry.registered(early);
            tell(new DomainEvent.Listed(), new DomainEvent.Defined(domain(DEMO, "demo", false, 0)));
            assertEquals("", console("demo").uri(), "registration alone starts no domain");
            tell(started(DEMO, "demo", 1));
            ConsoleReport served = console("demo");
            assertEquals("librdpmux 5", served.display());
            assertTrue(accepts(served));
            registry.gone(early);
            assertEquals("VNC display", console("demo").display());
            assertEquals(served.port(), console("demo").port());
            registry.registered(early);
            assertEquals("librdpmux 5", console("demo").display());
            assertEquals(served.port(), console("demo").port());
        } finally {
            FakeGuest.end(early);
        }
    }

    @Test
    void goesOnWithoutTheServiceForGuestsAndSaysSo() throws Exception {
        doThrow(new IOException("the path is too long")).when(service).start();
        start();
        tell(new DomainEvent.Listed(), started(DEMO, "demo", 1));
        assertTrue(accepts(console("demo")));
        assertEquals(
                List.of("guests built with librdpmux cannot register: the path is too long"),
                ask(new Request.AgentStatus(), AgentReport.class).warnings());
    }

    @Test
    void guestsBuiltWithLibrdpmuxCanBeLeftAlone() throws Exception {
        configureWith("librdpmux.enabled = no\n");
        start();
        assertNull(registry);
    }

    @Test
    void refusesWhatMakesNoSense() throws Exception {
        start();
        tell(new DomainEvent.Listed(), started(DEMO, "twin", 1), started(OTHER, "twin", 2));
        assertTrue(refusal(new Request.ConsoleStatus("twin")).contains("2 consoles are called 'twin'"));
        assertTrue(refusal(new Request.ConsoleStatus("")).contains("there is no console ''"));
        assertTrue(refusal(new Request.Attach("a b", "vnc://h:1", 0, "", "")).contains("is no name for a console"));
        assertTrue(refusal(new Request.Attach("x", "nonsense", 0, "", "")).contains("no scheme"));
        assertTrue(refusal(new Request.Attach("x", "vnc://h:1", 70000, "", "")).contains("not 1 to 65535"));
        assertTrue(
                refusal(new Request.Attach("x", "vnc://h:1", 0, "relative", "")).contains("absolute path"));
        assertTrue(refusal(new Request.Attach("x", "vnc://h:1", 0, "/a\0b", "")).contains("path"));
        assertEquals(
                "the policy 'off' is not one of 'nla', 'tls', 'none'",
                refusal(new Request.Attach("x", "vnc://h:1", 0, "", "off")));
        assertTrue(refusal(new Request.Disconnect(DEMO.toString(), 99)).contains("no viewer 99"));
        assertEquals(Done.of("0 viewers are sent away"), ask(new Request.Disconnect(DEMO.toString(), 0), Done.class));
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

    @Test
    void aReloadPutsIntoEffectWhatItCanAndNamesTheRest() throws Exception {
        start();
        tell(new DomainEvent.Listed(), started(DEMO, "demo", 1));
        configureWith("frame.rate = 20\nlog.level = debug\nlibvirt.domains = marked\nconsole.lab = vnc://h:1\n");
        List<String> messages = ask(new Request.Reload(), Done.class).messages();
        assertEquals(
                List.of(
                        "the configuration was read again from " + configuration,
                        "frame.rate was changed, which takes effect at a restart"),
                messages);
        assertEquals(LogLevel.DEBUG, logLevel);
        assertEquals("", console("demo").uri());
        assertTrue(accepts(console("lab")));
        assertEquals("configured", console("lab").origin());
        assertTrue(refusal(new Request.Detach("lab")).contains("stands in the configuration"));

        configureWith("log.level = loud\n");
        assertTrue(refusal(new Request.Reload()).contains("rdpmux.conf:4: log.level"));
        assertTrue(accepts(console("lab")), "a wrong configuration took effect");
    }

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
        ask(new Request.RemoveUser("bob"), Done.class);
        assertTrue(refusal(new Request.RemoveUser("bob")).contains("no user 'bob'"));
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
        assertEquals(
                List.of(
                        "event=ticket-issued result=allowed user=" + ticket.user() + " source=local console=demo",
                        "event=ticket-issued result=allowed user=\"x y\" source=local console=other",
                        "event=ticket-revoked result=allowed user=" + ticket.user() + " source=local console=demo",
                        "event=ticket-revoked result=allowed user=\"x y\" source=local console=other"),
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
        assertTrue(closed.openWith().endsWith(" /u:USER /sec:tls /cert:tofu"), closed::openWith);
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
    void saysHowLibvirtIsAndKeepsEndpointsWithoutIt() throws Exception {
        start();
        tell(new DomainEvent.Listed(), started(DEMO, "demo", 1));
        ConnectionFailure failure = new ConnectionFailure(ConnectionFailure.Kind.LOST, "libvirt is gone");
        when(watcher.failure()).thenReturn(Optional.of(failure));
        tell(new DomainEvent.Disconnected(failure));
        AgentReport report = ask(new Request.AgentStatus(), AgentReport.class);
        assertEquals(new AgentReport.Libvirt("qemu:///system", "connecting", "libvirt is gone", 1), report.libvirt());
        assertTrue(accepts(console("demo")));
        assertEquals(1, report.endpoints());
        assertEquals(ProcessHandle.current().pid(), report.pid());
        assertEquals(configuration.toString(), report.configuration());
        assertTrue(report.memory().resident() > 1_000_000, report::toString);
    }

    @Test
    void withoutLibvirtItAsksNone() throws Exception {
        configureWith("libvirt.uri =\nconsole.lab = vnc://h:1\n");
        start();
        assertEquals(
                "off",
                ask(new Request.AgentStatus(), AgentReport.class).libvirt().state());
        assertTrue(accepts(console("lab")));
    }

    @Test
    void goesOnWithoutAStateDirectoryAndSaysSo() throws Exception {
        Path file = Files.createFile(directory.resolve("file"));
        configureWith("libvirt.uri =\nconsole.lab = vnc://h:1\n");
        Files.writeString(
                configuration,
                Files.readString(configuration)
                        .replace(directory.resolve("state").toString(), file.toString()));
        Files.copy(
                certificates.resolve(CertificateStore.OWN_FILE),
                directory.resolve("run").resolve(CertificateStore.OWN_FILE));
        start();
        assertTrue(accepts(console("lab")));
        List<String> warnings =
                ask(new Request.AgentStatus(), AgentReport.class).warnings();
        assertEquals(1, warnings.size(), warnings::toString);
        assertTrue(warnings.get(0).startsWith("cannot write to the state directory"), warnings::toString);
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
    void endsQuicklyAndLeavesNothingBehind() throws Exception {
        start();
        tell(new DomainEvent.Listed(), started(DEMO, "demo", 1));
        ConsoleReport demo = console("demo");
        long before = System.nanoTime();
        agent.close();
        long took = System.nanoTime() - before;
        assertTrue(took < TimeUnit.SECONDS.toNanos(2), "took " + took / 1_000_000 + " ms");
        assertFalse(accepts(demo));
        verify(watcher).close();
        try (Stream<Path> left = Files.list(directory.resolve("run"))) {
            assertEquals(List.of(), left.toList());
        }
        agent.close();
    }

    @Test
    void onlyOneAgentUsesARuntimeDirectory() throws Exception {
        start();
        IOException e = assertThrows(
                IOException.class,
                () -> Agent.start(() -> SettingsReader.read(Optional.of(configuration), List.of()), parts()));
        assertTrue(e.getMessage().startsWith("another agent (process "), e.getMessage());
        assertEquals(List.of(), list());
    }

    @Test
    void aWrongConfigurationStartsNothing() throws Exception {
        configureWith("colour = blue\n");
        assertThrows(ConfigurationException.class, this::start);
        configureWith("control.group = no-such-group\n");
        IOException e = assertThrows(IOException.class, this::start);
        assertTrue(e.getMessage().contains("no-such-group"), e.getMessage());
        try (Stream<Path> left = Files.list(directory.resolve("run"))) {
            assertEquals(List.of(), left.toList());
        }
    }
}
