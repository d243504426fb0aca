// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.Mockito.mock;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rdpmux.daemon.endpoint.ConsoleId;
import org.rdpmux.daemon.endpoint.DisplayOffer;
import org.rdpmux.daemon.endpoint.KnownConsole;
import org.rdpmux.daemon.endpoint.KnownConsole.Origin;
import org.rdpmux.security.tls.CertificateStore;
import org.rdpmux.security.tls.TlsIdentity;

class ConsoleCertificatesTest {

    private static final UUID WEB = new UUID(1, 1);

    /** Making a certificate takes a second; two will do for all tests. */
    @TempDir
    static Path made;

    private static String one;
    private static String other;

    @TempDir
    Path directory;

    private Instant now = Instant.now();
    private final Clock clock = mock(Clock.class, invocation -> now);
    private final ConsoleCertificates certificates = new ConsoleCertificates(clock);

    @BeforeAll
    static void make() throws IOException {
        one = make("one");
        other = make("other");
        assertNotEquals(one, other);
    }

    private static String make(String name) throws IOException {
        Path state = Files.createDirectory(made.resolve(name));
        return CertificateStore.inDirectory(state, List.of("localhost"), Instant.now())
                .current()
                .fingerprint();
    }

    private final Map<ConsoleId, KnownConsole> known = new LinkedHashMap<>();

    @BeforeEach
    void useDirectory() {
        certificates.useDirectory(Optional.of(directory));
    }

    private Path put(String which, String file) throws IOException {
        Path fresh = directory.resolve("fresh");
        Files.copy(made.resolve(which).resolve(CertificateStore.OWN_FILE), fresh);
        return Files.move(fresh, directory.resolve(file), StandardCopyOption.REPLACE_EXISTING);
    }

    private static KnownConsole console(ConsoleId id, String name, Origin origin) {
        DisplayOffer offer = new DisplayOffer("vnc:1:0", "VNC display", () -> {
            throw new IllegalStateException("nobody looks on");
        });
        return new KnownConsole(id, name, origin, "running", OptionalInt.empty(), Optional.of(offer), "");
    }

    private static KnownConsole domain(String name) {
        return console(new ConsoleId.OfDomain(WEB), name, Origin.LIBVIRT);
    }

    private static KnownConsole configured(String name) {
        return console(new ConsoleId.Named(name), name, Origin.CONFIGURED);
    }

    /** The fingerprint that clients are shown; empty for the host's. */
    private String shown(KnownConsole console) {
        servable(console);
        return certificates.of(console).get().map(TlsIdentity::fingerprint).orElse("");
    }

    private KnownConsole servable(KnownConsole console) {
        known.put(console.id(), console);
        return certificates.load(List.copyOf(known.values())).stream()
                .filter(servable -> servable.id().equals(console.id()))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void consolesWithoutFilesAndWithoutADirectoryShowTheHosts() throws IOException {
        assertEquals("", shown(domain("web")));
        KnownConsole lab = configured("lab");
        assertSame(lab, servable(lab));
        certificates.useDirectory(Optional.empty());
        put("one", "web.pem");
        assertEquals(List.of(), certificates.reload());
        assertEquals("", shown(domain("web")));
    }

    @Test
    void aConsolesFileIsFoundByItsNameAndFirstByItsUuid() throws IOException {
        put("one", "web.pem");
        put("one", "lab.pem");
        assertEquals(one, shown(configured("lab")));
        assertEquals(one, shown(domain("web")));
        put("other", WEB + ".pem");
        assertEquals(1, certificates.reload().size());
        assertEquals(other, shown(domain("web")));
        assertEquals(one, shown(configured("lab")));
        assertSame(certificates.of(domain("web")), certificates.of(domain("web")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"../web", "sub/web", "/web", ".web", "..", "", "nul\0"})
    void namesThatAreNoNamesOfFilesHaveNone(String name) throws IOException {
        Files.createDirectory(directory.resolve("sub"));
        put("one", "sub/web.pem");
        put("one", ".web.pem");
        put("one", "...pem");
        put("one", ".pem");
        certificates.useDirectory(Optional.of(directory.resolve(name.startsWith("../") ? "sub" : "")));
        put("one", "web.pem");
        KnownConsole console = configured(name);
        assertEquals("", shown(console));
        assertSame(console, servable(console));
    }

    @Test
    void aNameTooLongForAFileHasNone() {
        KnownConsole console = configured("a".repeat(252));
        assertSame(console, servable(console));
        assertEquals("", shown(console));
    }

    @Test
    void aGuestThatNamesItselfDoesNotGetAnothersCertificate() throws IOException {
        put("one", "web.pem");
        put("one", WEB + ".pem");
        assertEquals("", shown(console(new ConsoleId.OfDomain(WEB), "web", Origin.REGISTERED)));
        assertEquals(one, shown(domain("web")), "libvirt knows it now");
        assertEquals("", shown(console(new ConsoleId.OfGuest("k"), "web", Origin.REGISTERED)));
    }

    @Test
    void aReplacedFileIsUsedAfterAReloadAlone() throws IOException {
        put("one", "web.pem");
        assertEquals(one, shown(domain("web")));
        put("other", "web.pem");
        assertEquals(one, shown(domain("web")));
        assertEquals(List.of("new connections to web are shown its own certificate " + other), certificates.reload());
        assertEquals(other, shown(domain("web")));
        assertEquals(List.of(), certificates.reload());
        Files.delete(directory.resolve("web.pem"));
        assertEquals(List.of("new connections to web are shown the host's certificate"), certificates.reload());
        assertEquals("", shown(domain("web")));
    }

    @Test
    void aConsoleWithADamagedFileIsNotServedUntilAReloadFindsItMended() throws IOException {
        Path file = put("one", "web.pem");
        Files.writeString(file, "damaged");
        KnownConsole refused = servable(domain("web"));
        assertEquals(Optional.empty(), refused.display());
        assertTrue(refused.note().startsWith("its certificate cannot be used: " + file), refused.note());
        KnownConsole lab = configured("lab");
        assertEquals(List.of(refused, lab), certificates.load(List.of(domain("web"), lab)));
        assertEquals(1, certificates.reload().size());
        put("one", "web.pem");
        assertEquals(refused, servable(domain("web")));
        assertEquals(List.of("new connections to web are shown its own certificate " + one), certificates.reload());
        assertTrue(servable(domain("web")).display().isPresent());
        assertEquals(one, shown(domain("web")));
    }

    @Test
    void aFileThatIsDamagedLaterLeavesTheOldCertificateInUseAndIsNamed() throws IOException {
        Path file = put("one", "web.pem");
        KnownConsole web = domain("web");
        assertSame(web, servable(web));
        Files.writeString(file, "damaged");
        List<String> messages = certificates.reload();
        assertTrue(
                messages.toString().startsWith("[the certificate of web stays as it was: " + file), messages::toString);
        assertEquals(messages, certificates.problems());
        assertSame(web, servable(web));
        assertEquals(one, shown(web));
        put("one", "web.pem");
        assertEquals(List.of(), certificates.reload());
        assertEquals(List.of(), certificates.problems());
    }

    @Test
    void aFileThatOthersMayReadIsRefused() throws IOException {
        Path file = put("one", "web.pem");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        assertTrue(servable(domain("web")).note().contains(file + " holds secrets"));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        certificates.reload();
        assertEquals(one, shown(domain("web")));
    }

    @Test
    void aDirectoryThatIsNotThereIsNoReasonForAnotherCertificate() throws IOException {
        put("one", "web.pem");
        assertEquals(one, shown(domain("web")));
        Path missing = directory.resolve("missing");
        certificates.useDirectory(Optional.of(missing));
        assertEquals(
                "its certificate cannot be used: security.certificates = " + missing + " is not a directory",
                certificates
                        .load(List.of(domain("web"), configured("lab")))
                        .get(1)
                        .note());
        certificates.reload();
        assertEquals(one, shown(domain("web")));
    }

    @Test
    void whatIsNotAFileIsRefused() throws IOException {
        Path file = Files.createDirectory(directory.resolve("web.pem"));
        assertEquals(
                "its certificate cannot be used: " + file + " is not a file",
                servable(domain("web")).note());
    }

    @Test
    void aConsoleThatIsRenamedIsLookedForAgain() throws IOException {
        put("one", "web.pem");
        put("other", "db.pem");
        assertEquals(one, shown(domain("web")));
        assertEquals(other, shown(domain("db")));
        assertEquals("", shown(domain("mail")));
    }

    @Test
    void tellsOfCertificatesThatClientsWillRefuse() throws IOException {
        Path file = put("one", "web.pem");
        KnownConsole web = console(new ConsoleId.OfDomain(WEB), "web", Origin.LIBVIRT);
        certificates.load(List.of(web));
        assertEquals(List.of(), certificates.problems());
        now = now.plus(Duration.ofDays(4000));
        List<String> expired = certificates.problems();
        assertEquals(1, expired.size(), expired::toString);
        assertTrue(expired.get(0).startsWith("the certificate of web expired on "), expired::toString);
        assertEquals(expired, certificates.reload());
        List<String> checked = ConsoleCertificates.check(directory, clock);
        assertEquals(List.of(expired.get(0).replace("of web", file.toString())), checked);
        Files.writeString(file, "damaged");
        assertTrue(ConsoleCertificates.check(directory, clock).get(0).contains(" cannot be used: "));
    }
}
