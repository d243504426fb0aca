// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is let in, who is not, and what is said about it, with the clients people use. */
class AccessIT {

    private static final Duration WATCHED = Duration.ofSeconds(2);
    private static final Pattern TICKET = Pattern.compile("Ticket ([a-z0-9]+) opens");

    private static final Pattern FINGERPRINT = Pattern.compile("(?:[0-9a-f]{2}:){31}[0-9a-f]{2}");

    @RegisterExtension
    static Programs programs = new Programs();

    private static Path directory;
    private static Libvirtd libvirt;
    private static KeysGuest guest;
    private static LoginFixture logins;
    private static int port;

    @BeforeAll
    static void start() {
        directory = programs.newDirectory("access");
        libvirt = new Libvirtd(programs);
        logins = new LoginFixture(
                programs,
                Map.of(
                        "libvirt.uri",
                        libvirt.uri(),
                        "security.weakest-policy",
                        "tls",
                        "console.other",
                        "vnc://127.0.0.1:1",
                        "console.plain",
                        "vnc://127.0.0.1:1",
                        "console.plain.policy",
                        "tls",
                        "security.lock-user-after",
                        "4",
                        "security.lock-source-after",
                        "1000"));
        guest = new KeysGuest(libvirt, "logins");
        port = logins.agent().awaitPort("logins");
        logins.addUser("ann", "s3cret-of-ann", "");
    }

    @BeforeEach
    void forgetOtherTests() {
        logins.skip();
    }

    private static void assertAllowed(int status, String user) {
        String decision = logins.decision();
        assertTrue(decision.contains(" result=allowed user=" + user + " "), decision);
        assertNotEquals(LoginFixture.WRONG_PASSWORD, status, decision);
    }

    private static void assertRefused(int status, String reason) {
        String decision = logins.decision();
        assertTrue(decision.contains(" result=refused reason=" + reason + " "), decision);
        assertEquals(LoginFixture.WRONG_PASSWORD, status, decision);
    }

    @ParameterizedTest
    @ValueSource(strings = {"xfreerdp", "xfreerdp3"})
    void theRightPasswordLetsInHoweverTheNameIsWrittenAndAWrongOneDoesNot(String client) {
        for (String name : List.of("/u:ann", "/u:ANN", "'/u:WORK\\ann'", "/u:ann@example.org", "/d:WORK /u:ann")) {
            assertAllowed(logins.login(client, port, name + " /sec:nla /p:s3cret-of-ann"), "ann");
        }
        assertRefused(logins.login(client, port, "/u:ann /sec:nla /p:s3cret-of-bob"), "wrong-credentials");
        assertRefused(logins.login(client, port, "/u:nobody /sec:nla /p:s3cret-of-ann"), "wrong-credentials");
        assertAllowed(logins.login(client, port, "/u:ann /p:s3cret-of-ann"), "ann");
    }

    @ParameterizedTest
    @ValueSource(strings = {"xfreerdp", "xfreerdp3"})
    void namesAndPasswordsAreLongAndFromEverywhere(String client) {
        String name = client + "-Jürgen-Ωμέγα-漢字-" + "n".repeat(170);
        String password = "pässwörd-漢字-😀-" + "p".repeat(185);
        logins.addUser(name, password, "");
        assertAllowed(logins.login(client, port, "'/u:" + name + "' '/p:" + password + "'"), '"' + name + '"');
        assertRefused(logins.login(client, port, "'/u:" + name + "' '/p:" + password + "x'"), "wrong-credentials");
    }

    @Test
    void aClientThatOffersTooLittleIsToldWhatIsRequired() throws IOException {
        LoginFixture.assertNoCommonProtocol(logins.login("xfreerdp", port, "/u:ann /p:s3cret-of-ann /sec:tls"));
        LoginFixture.assertNoCommonProtocol(logins.login("xfreerdp", port, "/u:ann /p:s3cret-of-ann /sec:rdp"));
        int hybridRequired = 5;
        int tlsRequired = 1;
        assertEquals(hybridRequired, answerTo(port, 0));
        assertEquals(hybridRequired, answerTo(port, 1));
        assertEquals(tlsRequired, answerTo(logins.agent().awaitPort("plain"), 0));
    }

    /** The failure code in the answer to a connection request for these protocols ([MS-RDPBCGR] 2.2.1.1, 2.2.1.2.2). */
    private static int answerTo(int endpoint, int protocols) throws IOException {
        byte[] request = HexFormat.of().parseHex("030000130ee00000000000" + "0100080000000000");
        request[15] = (byte) protocols;
        try (Socket socket = new Socket("127.0.0.1", endpoint)) {
            socket.setSoTimeout((int) Wait.LIMIT.toMillis());
            socket.getOutputStream().write(request);
            byte[] answer = socket.getInputStream().readNBytes(19);
            assertEquals(
                    3, answer[11], "a negotiation failure: " + HexFormat.of().formatHex(answer));
            return answer[15];
        }
    }

    @Test
    void removingAUserEndsItsSessionsIfThatIsAskedFor() throws IOException {
        logins.addUser("temp", "s3cret-of-temp", "");
        List<String> temp = logins.client("xfreerdp", port, "/u:temp", "/p:s3cret-of-temp");
        Viewer removed = viewer("temp", temp);
        Viewer other = viewer("ann", ann("xfreerdp"));
        String answer =
                logins.agent().ctl("user", "remove", "TEMP", "--disconnect").output();
        assertEquals("temp is removed; 1 session has ended", answer.strip());
        removed.client().awaitEnd();
        assertTrue(Files.readString(logins.audit())
                .contains(" event=user-removed result=allowed user=temp source=local by_uid="));
        other.leave();
        assertRefused(logins.login("xfreerdp", port, "/u:temp /sec:nla /p:s3cret-of-temp"), "wrong-credentials");
    }

    /** A client that ann logs in with. */
    private static List<String> ann(String program, String... arguments) {
        List<String> command = logins.client(program, port, "/u:ann", "/p:s3cret-of-ann");
        command.addAll(List.of(arguments));
        return command;
    }

    /** Starts a client, which is let in, and waits until it shows the guest. */
    private static Viewer viewer(String user, List<String> command) {
        Viewer viewer = new Viewer(programs, command);
        assertAllowed(0, user);
        viewer.awaitShows(guest::screenshot);
        return viewer;
    }

    @Test
    void thePasswordInsideTlsLetsInWhereADomainsMetadataSaysSo() {
        policy("tls");
        programs.atEnd(() -> policy("nla"));
        viewer("ann", List.of("rdesktop", "-u", "ann", "-p", "s3cret-of-ann", "127.0.0.1:" + port))
                .leave();
        for (String client : List.of("xfreerdp", "xfreerdp3")) {
            viewer("ann", ann(client, "/sec:tls")).leave();
            Viewer wrong = new Viewer(programs, logins.client(client, port, "/sec:tls", "/u:ann", "/p:s3cret-of-bob"));
            String decision = logins.decision();
            assertTrue(decision.contains(" result=refused reason=wrong-credentials "), decision);
            assertNotEquals(0, wrong.client().awaitEnd());
        }
    }

    private static void policy(String policy) {
        libvirt.metadata("logins", "<vm policy='" + policy + "'/>");
        Wait.until(
                "the policy is " + policy,
                () -> logins.agent()
                        .console("logins")
                        .filter(console -> console.access().equals(policy) && console.port() == port)
                        .isPresent(),
                () -> logins.agent().consoles());
    }

    @Test
    void aTicketOpensItsConsoleOnceFromItsFile() {
        Path file = directory.resolve("logins.rdp");
        String made =
                logins.agent().ctl("ticket", "logins", "--rdp", file.toString()).output();
        String id = id(made);
        assertRefused(
                logins.login("xfreerdp", logins.agent().awaitPort("other"), file.toString()),
                "ticket-for-other-console");
        assertAllowed(logins.login("xfreerdp", port, file.toString()), "ticket-" + id);
        int elsewhere = relay("127.0.0.7");
        assertRefused(logins.login("xfreerdp", elsewhere, file.toString()), "ticket-used");
        assertRefused(logins.login("xfreerdp3", elsewhere, file.toString()), "ticket-used");
        // Who has it goes on with it: a session that ended without a farewell may have lost its network.
        assertAllowed(logins.login("xfreerdp3", port, file.toString()), "ticket-" + id);
        assertFalse(logins.agent().ctl("tickets").output().contains(id));
    }

    @Test
    void aTicketIsTypedByHandOrTooLateOrRevoked() {
        String typed =
                logins.agent().ctl("ticket", "logins", "--user", "visitor").output();
        String password = typed.replaceAll("(?s).*Password +([a-z0-9]+)\n.*", "$1");
        assertAllowed(logins.login("xfreerdp3", port, "/u:visitor /p:" + password), "visitor");
        Path late = directory.resolve("late.rdp");
        String shortly = id(logins.agent()
                .ctl("ticket", "logins", "--ttl", "1", "--rdp", late.toString())
                .output());
        Wait.until(
                "it has expired", () -> !logins.agent().ctl("tickets").output().contains(shortly));
        assertRefused(logins.login("xfreerdp", port, late.toString()), "expired");
        Path revoked = directory.resolve("revoked.rdp");
        String id = id(logins.agent()
                .ctl("ticket", "logins", "--rdp", revoked.toString())
                .output());
        assertEquals(0, logins.agent().ctl("revoke", id).status());
        assertRefused(logins.login("xfreerdp", port, revoked.toString()), "ticket-revoked");
    }

    private static String id(String made) {
        Matcher ticket = TICKET.matcher(made);
        assertTrue(ticket.find(), made);
        return ticket.group(1);
    }

    @Test
    void thePasswordThatVirshSetsForTheGraphicsLetsInUntilItExpires() throws IOException {
        assertAllowed(logins.login("xfreerdp", port, "/u:whoever /p:unguessd"), "console-password");
        graphicsPassword("virshpw1", Instant.now().plus(1, ChronoUnit.HOURS));
        assertRefused(logins.login("xfreerdp", port, "/u:whoever /p:unguessd"), "wrong-credentials");
        assertAllowed(logins.login("xfreerdp", port, "/u:logins /p:virshpw1"), "console-password");
        graphicsPassword("virshpw2", Instant.now().minusSeconds(1));
        assertRefused(logins.login("xfreerdp", port, "/u:logins /p:virshpw2"), "expired");
        graphicsPassword("unguessd", Instant.now().plus(1, ChronoUnit.DAYS));
    }

    private static void graphicsPassword(String password, Instant end) throws IOException {
        String until = LocalDateTime.ofInstant(end, ZoneOffset.UTC)
                .truncatedTo(ChronoUnit.SECONDS)
                .format(DateTimeFormatter.ISO_LOCAL_DATE_TIME);
        String graphics = libvirt.virsh("dumpxml", "logins", "--xpath", "//graphics")
                .replaceAll(" passwdValidTo=\"[^\"]*\"", "")
                .replace("<graphics ", "<graphics passwd='" + password + "' passwdValidTo='" + until + "' ");
        Path file = Files.writeString(directory.resolve("graphics.xml"), graphics);
        libvirt.virsh("update-device", "logins", file.toString(), "--live");
    }

    @Test
    void whoOnlyLooksOnMovesNothing() {
        logins.addUser("looker", "s3cret-of-looker", "--view-only");
        Viewer looker = viewer("looker", logins.client("xfreerdp", port, "/u:looker", "/p:s3cret-of-looker"));
        Viewer ann = viewer("ann", ann("xfreerdp"));
        String list = logins.agent().ctl("list").output();
        assertTrue(list.contains("2 (1 view-only)"), list);
        ann.type("mousemove", "200", "200", "key", "b");
        awaitTyped("b");
        looker.type("mousemove", "100", "100", "click", "1", "key", "--delay", "40", "c", "c");
        ann.type("key", "d");
        awaitTyped("d");
        Wait.pause(WATCHED);
        assertFalse(guest.typed().contains("c"), guest::typed);
    }

    private static void awaitTyped(String character) {
        Wait.until(character + " is typed", () -> guest.typed().contains(character), guest::codes);
    }

    @Test
    void whoGuessesIsLockedOutAndTheOwnerOfTheNameIsNot() {
        logins.addUser("victim", "s3cret-of-victim", "");
        for (int i = 0; i < 4; i++) {
            assertRefused(logins.login("xfreerdp", port, "/u:victim /p:guess" + i), "wrong-credentials");
        }
        assertRefused(logins.login("xfreerdp", port, "/u:victim /p:s3cret-of-victim"), "locked-out");
        String locks = logins.agent().ctl("locks").output();
        assertTrue(locks.contains("127.0.0.1  victim"), locks);
        int relayed = relay("127.0.0.7");
        assertAllowed(logins.login("xfreerdp", relayed, "/u:victim /p:s3cret-of-victim"), "victim");
        assertAllowed(logins.login("xfreerdp", port, "/u:ann /p:s3cret-of-ann"), "ann");
        Programs.Result lifted = logins.agent().ctl("unlock", "victim");
        assertEquals("1 lock-out is lifted\n", lifted.output());
        assertAllowed(logins.login("xfreerdp", port, "/u:victim /p:s3cret-of-victim"), "victim");
        assertEquals("nobody is locked out\n", logins.agent().ctl("locks").output());
    }

    /** A port whose connections come to the agent from another address. */
    private static int relay(String source) {
        Background socat = programs.start(
                "socat", "-d", "-d", "TCP-LISTEN:0,bind=127.0.0.1,fork", "TCP:127.0.0.1:" + port + ",bind=" + source);
        Pattern listening = Pattern.compile("listening on AF=2 127\\.0\\.0\\.1:(\\d+)");
        return Wait.value(
                "socat listens",
                () -> listening
                        .matcher(socat.output())
                        .results()
                        .findFirst()
                        .map(found -> Integer.parseInt(found.group(1))));
    }

    @Test
    void anotherCertificateIsShownAfterAReloadAndSessionsGoOn() {
        Viewer viewer = viewer("ann", ann("xfreerdp"));
        String before = shownCertificate();
        Path file = logins.agent().directory().resolve("state/tls-identity.pem");
        Programs.Result replaced = logins.shell("cd " + directory + " && openssl req -x509 -newkey rsa:2048 -nodes"
                + " -days 1 -subj /CN=another -keyout new.key -out new.crt && cat new.crt new.key >" + file);
        assertEquals(0, replaced.status(), replaced::output);
        assertEquals(before, shownCertificate());
        Programs.Result reload = logins.agent().ctl("reload");
        assertTrue(reload.output().contains("new connections are shown the new certificate"), reload::output);
        String after = shownCertificate();
        assertNotEquals(before, after);
        String status = logins.agent().ctl("status").output();
        assertTrue(status.toLowerCase(Locale.ROOT).contains(after), status + after);
        logins.skip();
        assertAllowed(logins.login("xfreerdp3", port, "/u:ann /p:s3cret-of-ann"), "ann");
        guest.command("p");
        viewer.awaitShows(guest::screenshot);
    }

    /** The SHA-256 fingerprint of the certificate that a client is shown now. */
    private static String shownCertificate() {
        String get = "xfreerdp /v:127.0.0.1:" + port + " /u:ann /p:s3cret-of-ann +auth-only </dev/null 2>&1";
        String said = logins.shell("rm -rf \"$HOME/.config/freerdp\"; " + get).output();
        Matcher fingerprint = FINGERPRINT.matcher(said);
        assertTrue(fingerprint.find(), said);
        return fingerprint.group();
    }

    @Test
    void passwordsStandNowhere() throws IOException {
        logins.addUser("careful", "unmistakable-1", "");
        String asked = changePassword("careful", "unmistakable-2");
        assertTrue(asked.contains("careful has another password now"), asked);
        assertFalse(asked.contains("unmistakable"), asked);
        assertAllowed(logins.login("xfreerdp", port, "/u:careful /p:unmistakable-2"), "careful");
        assertRefused(logins.login("xfreerdp", port, "/u:careful /p:unmistakable-3"), "wrong-credentials");
        String ticket = logins.agent().ctl("ticket", "logins").output();
        String secret = ticket.replaceAll("(?s).*Password +([a-z0-9]+)\n.*", "$1");
        Path process = Path.of("/proc", Long.toString(logins.agent().process().pid()));
        StringBuilder everywhere = new StringBuilder(logins.agent().process().output());
        everywhere.append(Files.readString(logins.audit()));
        for (String file : List.of("cmdline", "environ")) {
            everywhere.append(Files.readString(process.resolve(file), StandardCharsets.ISO_8859_1));
        }
        try (Stream<Path> files = Files.walk(logins.agent().directory())) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                everywhere.append(Files.readString(file, StandardCharsets.ISO_8859_1));
            }
        }
        assertTrue(everywhere.indexOf("careful") >= 0);
        for (String password : List.of("unmistakable", "s3cret", "unguessd", "virshpw", secret)) {
            assertEquals(-1, everywhere.indexOf(password), password);
        }
    }

    /** Types a new password at a terminal, each time when it is asked for; gives what stands on the terminal then. */
    private static String changePassword(String user, String password) throws IOException {
        String command = String.join(" ", logins.agent().control("user", "passwd", user));
        Background terminal = programs.start("script", "-qec", command, "/dev/null");
        for (String question : List.of("New password of " + user + ":", "Once more:")) {
            terminal.awaitOutput(question);
            terminal.enter(password);
        }
        assertEquals(0, terminal.awaitEnd(), terminal::output);
        return terminal.output();
    }
}
