// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A machine as oVirt's VDSM starts it through libvirt, and the ticket that its engine hands out. */
class OvirtIT {

    private static final String NAME = "engine";

    /** What VDSM writes where nobody has a ticket. */
    private static final String NO_TICKET = "*****";

    @RegisterExtension
    static Programs programs = new Programs();

    private static Path directory;
    private static Libvirtd libvirt;
    private static LoginFixture logins;
    private static int port;

    @BeforeAll
    static void start() throws IOException {
        directory = programs.newDirectory("ovirt");
        libvirt = new Libvirtd(programs);
        logins = new LoginFixture(
                programs,
                Map.of(
                        "libvirt.uri",
                        libvirt.uri(),
                        // So that only what the hook writes gives the machine an endpoint.
                        "libvirt.domains",
                        "marked"));
        Path xml = directory.resolve("domain.xml");
        Files.copy(Programs.root().resolve("testing/it/src/test/resources/vdsm.xml"), xml);
        Programs.run(
                "env",
                "_hook_domxml=" + xml,
                "rdpmux=nla",
                Programs.root()
                        .resolve("libvirt-hooks/ovirt/before_vm_start/50_rdpmux")
                        .toString());
        libvirt.virsh("define", xml.toString());
        libvirt.virsh("start", NAME);
        port = logins.agent().awaitPort(NAME);
    }

    /** As VDSM's {@code setTicket} does: the graphics as libvirt has them, with the ticket and its end in UTC. */
    private static void ticket(String password, Instant end) throws IOException {
        String validTo = LocalDateTime.ofInstant(end, ZoneOffset.UTC)
                .truncatedTo(ChronoUnit.SECONDS)
                .format(DateTimeFormatter.ISO_LOCAL_DATE_TIME);
        String graphics = libvirt.virsh("dumpxml", NAME, "--xpath", "//graphics")
                .replaceAll(" passwdValidTo=\"[^\"]*\"", "")
                .replaceFirst(">", " passwd=\"" + password + "\" passwdValidTo=\"" + validTo + "\">");
        Path file = Files.writeString(directory.resolve("graphics.xml"), graphics);
        libvirt.virsh("update-device", NAME, file.toString(), "--current");
    }

    private static String login(String password, boolean allowed) {
        int status = logins.login("xfreerdp", port, "/u:somebody '/p:" + password + "'");
        String decision = logins.decision();
        if (allowed) {
            assertNotEquals(LoginFixture.WRONG_PASSWORD, status, decision);
        } else {
            assertEquals(LoginFixture.WRONG_PASSWORD, status, decision);
        }
        return decision;
    }

    private static void assertAllowed(String password) {
        String decision = login(password, true);
        assertTrue(decision.contains(" result=allowed user=console-password "), decision);
    }

    private static void assertRefused(String password, String reason) {
        String decision = login(password, false);
        assertTrue(decision.contains(" result=refused reason=" + reason + " "), decision);
    }

    @Test
    void theEnginesTicketOpensTheConsoleUntilItsEnd() throws IOException {
        assertRefused(NO_TICKET, "expired");
        ticket("3ng1neTk", Instant.now().plus(2, ChronoUnit.HOURS));
        assertAllowed("3ng1neTk");
        assertRefused(NO_TICKET, "wrong-credentials");
        ticket("an0th3rT", Instant.now().plus(2, ChronoUnit.HOURS));
        assertRefused("3ng1neTk", "wrong-credentials");
        assertAllowed("an0th3rT");
        Instant end = Instant.now().plusSeconds(1).truncatedTo(ChronoUnit.SECONDS);
        ticket("sh0rtL1f", end);
        Wait.pause(Duration.between(Instant.now(), end).plusMillis(1)); // its end is what is tested
        assertRefused("sh0rtL1f", "expired");
    }
}
