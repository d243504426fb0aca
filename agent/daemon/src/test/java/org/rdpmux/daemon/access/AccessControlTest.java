// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rdpmux.daemon.config.ConfigReader;
import org.rdpmux.daemon.endpoint.AccessTerms;
import org.rdpmux.daemon.endpoint.ConsoleId;
import org.rdpmux.daemon.endpoint.KnownConsole;
import org.rdpmux.security.access.AuditEvent;
import org.rdpmux.security.access.Authentication;
import org.rdpmux.security.access.Claim;
import org.rdpmux.security.access.ConsoleRef;
import org.rdpmux.security.access.Credential;
import org.rdpmux.security.access.LoginRequest;
import org.rdpmux.security.access.Moment;
import org.rdpmux.security.access.NtHash;
import org.rdpmux.server.EndpointPolicy;

class AccessControlTest {

    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    private static final Moment MOMENT = new Moment(NOW, 0);
    private static final UUID DEMO = new UUID(1, 1);

    @TempDir
    Path directory;

    private final List<AuditEvent> observed = new ArrayList<>();
    private AccessControl access;

    @AfterEach
    void close() {
        if (access != null) {
            access.close();
        }
    }

    private void open(GraphicsPasswords.Asker asker, String... config) throws Exception {
        access = new AccessControl(
                ConfigReader.read(Optional.empty(), List.of(config)),
                directory,
                asker,
                Clock.fixed(NOW, ZoneOffset.UTC),
                observed::add);
    }

    private void open(String... config) throws Exception {
        open((domain, index) -> Optional.empty(), config);
    }

    private EndpointPolicy decided(KnownConsole console) {
        access.decide(List.of(console));
        return access.policy(console);
    }

    private static KnownConsole console(AccessTerms terms) {
        return new KnownConsole(
                new ConsoleId.OfDomain(DEMO),
                "demo",
                KnownConsole.Origin.LIBVIRT,
                "running",
                OptionalInt.empty(),
                KnownConsole.Wishes.NONE,
                terms,
                Optional.empty(),
                "");
    }

    /** A console whose guest names a file of users. */
    private static KnownConsole withUsers(Path samFile, AccessTerms terms) {
        KnownConsole console = console(terms);
        return new KnownConsole(
                console.id(),
                console.name(),
                console.origin(),
                console.state(),
                console.pin(),
                new KnownConsole.Wishes(OptionalInt.empty(), Optional.of(samFile)),
                terms,
                Optional.empty(),
                "");
    }

    private static AccessTerms policy(Authentication policy) {
        return new AccessTerms(Optional.of(policy), Optional.empty());
    }

    /** The stores whose credential for {@code user} has the password {@code password} and may be used. */
    private static List<Credential.Source> stores(EndpointPolicy policy, String user, String password)
            throws IOException {
        NtHash hash = NtHash.ofPassword(password.toCharArray());
        return policy
                .credentials()
                .find(
                        new Claim(user, "", ""),
                        new LoginRequest(
                                new InetSocketAddress("192.0.2.1", 5),
                                new ConsoleRef(policy.consoleId(), "demo"),
                                policy.authentication(),
                                MOMENT),
                        MOMENT)
                .stream()
                .filter(found ->
                        found.ntHash().matches(hash) && found.denial(MOMENT).isEmpty())
                .map(Credential::source)
                .toList();
    }

    @Test
    void metadataMayAskForMoreThanTheHostAndForLessOnlyWhereTheHostLeavesThatToIt() throws Exception {
        open("security.policy=tls");
        assertEquals(
                Authentication.NLA, decided(console(policy(Authentication.NLA))).authentication());
        KnownConsole open = console(policy(Authentication.NONE));
        KnownConsole noted = access.decide(List.of(open)).get(0);
        assertEquals(Authentication.TLS, access.policy(open).authentication());
        assertEquals(
                "its metadata asks for policy 'none', which is weaker than the host's 'tls': that holds, unless"
                        + " security.weakest-policy says otherwise",
                noted.note());
        access.reload(ConfigReader.read(Optional.empty(), List.of("security.weakest-policy=tls")));
        assertEquals(Authentication.NLA, decided(open).authentication());
        assertEquals(
                Authentication.TLS, decided(console(policy(Authentication.TLS))).authentication());
        access.reload(ConfigReader.read(Optional.empty(), List.of("security.weakest-policy=none")));
        assertEquals(Authentication.NONE, decided(open).authentication());
    }

    @Test
    void aConsolesOwnPolicyIsStrongerThanTheConfigurationsAndAnEndpointKeepsItsPolicy() throws Exception {
        open("security.weakest-policy=none");
        EndpointPolicy usual = decided(console(AccessTerms.NONE));
        assertEquals(Authentication.NLA, usual.authentication());
        assertEquals(DEMO.toString(), usual.consoleId());
        assertSame(usual, decided(console(AccessTerms.NONE)));
        EndpointPolicy own = decided(console(policy(Authentication.NONE)));
        assertEquals(Authentication.NONE, own.authentication());
        assertEquals(false, own.openAnywhere());
        access.reload(ConfigReader.read(
                Optional.empty(), List.of("security.weakest-policy=none", "security.none-on-network=yes")));
        assertTrue(decided(console(policy(Authentication.NONE))).openAnywhere());
        access.reload(ConfigReader.read(Optional.empty(), List.of("security.policy=tls")));
        EndpointPolicy tls = decided(console(AccessTerms.NONE));
        assertEquals(Authentication.TLS, tls.authentication());
        access.decide(List.of());
        assertNotSame(tls, decided(console(AccessTerms.NONE)));
    }

    @Test
    void aGuestWithUsersOfItsOwnIsNeverOpen() throws Exception {
        open("security.policy=none");
        assertEquals(Authentication.NONE, decided(console(AccessTerms.NONE)).authentication());
        Path sam = directory.resolve("guest.sam");
        EndpointPolicy own = decided(withUsers(sam, AccessTerms.NONE));
        assertEquals(Authentication.NLA, own.authentication());
        assertSame(own, decided(withUsers(sam, AccessTerms.NONE)));
        assertNotSame(own, decided(withUsers(directory.resolve("other.sam"), AccessTerms.NONE)));
        assertEquals(
                Authentication.TLS,
                decided(withUsers(sam, policy(Authentication.TLS))).authentication());
    }

    @Test
    void aBadSamFileLetsNobodyOfItInAndDoesNotHinderTheOthers() throws Exception {
        Path users = directory.resolve("users");
        privateFile(users, "ann:" + hex("one") + ":\n");
        open();
        Path sam = directory.resolve("guest.sam");
        EndpointPolicy policy = decided(withUsers(sam, AccessTerms.NONE));
        assertEquals(List.of(), stores(policy, "bob", "two"));
        privateFile(sam, "bob:::" + hex("two") + ":::\n");
        assertEquals(List.of(Credential.Source.SAM_FILE), stores(policy, "bob", "two"));
        privateFile(sam, "bob:::" + hex("three") + ":::\n\n");
        assertEquals(List.of(), stores(policy, "bob", "two"));
        assertEquals(List.of(Credential.Source.SAM_FILE), stores(policy, "bob", "three"));
        privateFile(sam, "damaged");
        assertEquals(List.of(), stores(policy, "bob", "three"));
        Files.delete(sam);
        Files.createDirectory(sam);
        assertEquals(List.of(), stores(policy, "bob", "three"));
        assertEquals(List.of(Credential.Source.USERS_FILE), stores(policy, "ann", "one"));
    }

    @Test
    void libvirtThatCannotBeAskedDoesNotHinderTheOthers() throws Exception {
        privateFile(directory.resolve("users"), "ann:" + hex("one") + ":\n");
        open((domain, index) -> {
            throw new IOException("libvirt is gone");
        });
        AccessTerms terms = new AccessTerms(Optional.empty(), Optional.of(0));
        EndpointPolicy policy = decided(console(terms));
        assertEquals(List.of(Credential.Source.USERS_FILE), stores(policy, "ann", "one"));
        assertEquals(List.of(), stores(policy, "ann", ""));
    }

    @Test
    void theUsersFileIsReadAgainWhenItChanges() throws Exception {
        open();
        assertTrue(access.wantsUsers());
        EndpointPolicy policy = decided(console(AccessTerms.NONE));
        Path users = directory.resolve("users");
        privateFile(users, "ann:" + hex("one") + ":\n");
        access.reloadUsers();
        assertEquals(List.of(Credential.Source.USERS_FILE), stores(policy, "ANN", "one"));
        privateFile(users, "damaged line\n");
        access.reloadUsers();
        assertEquals(List.of(Credential.Source.USERS_FILE), stores(policy, "ann", "one"));
        assertTrue(access.problems().toString().contains("line 1"), access.problems()::toString);
        Files.delete(users);
        access.reloadUsers();
        assertEquals(List.of(), access.problems());
        assertEquals(List.of(), stores(policy, "ann", "one"));
    }

    @Test
    void theAuditTrailSurvivesBeingMovedAway() throws Exception {
        Path file = directory.resolve("audit.log");
        open("audit.file=" + file);
        access.record(AuditEvent.Action.USER_CHANGED, "ann\n", "", Optional.empty());
        Files.move(file, directory.resolve("audit.log.1"));
        access.reload(ConfigReader.read(Optional.empty(), List.of("audit.file=" + file)));
        access.record(AuditEvent.Action.USER_REMOVED, "ann", "", Optional.empty());
        assertEquals(
                List.of("time=2026-11-22T12:00:00Z event=user-removed result=allowed user=ann source=local"),
                Files.readAllLines(file));
        assertEquals(
                List.of("time=2026-11-22T12:00:00Z event=user-changed result=allowed user=\"ann\\n\" source=local"),
                Files.readAllLines(directory.resolve("audit.log.1")));
        assertEquals(
                List.of(AuditEvent.Action.USER_CHANGED, AuditEvent.Action.USER_REMOVED),
                observed.stream().map(AuditEvent::action).toList());
        assertEquals("rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        try (Stream<Path> files = Files.list(directory)) {
            assertEquals(2, files.count());
        }
    }

    private static String hex(String password) {
        return new String(NtHash.ofPassword(password.toCharArray()).hex(), StandardCharsets.US_ASCII);
    }

    private static void privateFile(Path file, String text) throws IOException {
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }
}
