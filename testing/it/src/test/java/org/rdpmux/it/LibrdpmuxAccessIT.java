// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Who is let in to a guest built with librdpmux: the users of the file it names, and what is set by its D-Bus object. */
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class LibrdpmuxAccessIT {

    private static final String LISTENER = "org.RDPMux.RDPListener";

    @RegisterExtension
    static Programs programs = new Programs();

    private static Path directory;
    private static Path tools;
    private static Bus bus;
    private static LoginFixture logins;

    @BeforeAll
    static void start() {
        directory = programs.newDirectory("sam");
        tools = MuxGuest.build();
        bus = new Bus(programs);
        logins = new LoginFixture(
                programs,
                Map.of(
                        "libvirt.uri", "",
                        "librdpmux.bus", bus.address(),
                        "librdpmux.unmanaged", "yes",
                        "security.lock-user-after", "1000",
                        "security.lock-source-after", "1000"));
        awaitOnBus();
    }

    private static void awaitOnBus() {
        logins.agent().process().awaitOutput("Guests can register");
    }

    /** A file with one user, made by the program that WinPR has for it. */
    private static Path sam(String name, String user, String password) throws IOException {
        Path file = directory.resolve(name);
        Files.writeString(file, Programs.run("winpr-hash", "-u", user, "-p", password, "-f", "sam"));
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    }

    private static MuxGuest guest(String proto, Path sam) {
        List<String> options = new ArrayList<>(List.of("--seconds", "1", "--size", "640x480"));
        if (sam != null) {
            options.addAll(List.of("--auth", sam.toString()));
        }
        return MuxGuest.start(programs, tools, bus, proto, options.toArray(String[]::new));
    }

    /** Calls a method of the guest's D-Bus object, as a tool of the original server does; the answer or the error. */
    private static String control(MuxGuest guest, String method, String... arguments) {
        List<String> command = new ArrayList<>(List.of("gdbus", "call", "--address", bus.address(), "--dest"));
        String object = "/org/RDPMux/RDPListener/" + guest.name().replace("-", "");
        command.addAll(List.of("org.RDPMux.RDPMux", "--object-path", object, "--method", method));
        command.addAll(List.of(arguments));
        return Programs.result(command.toArray(String[]::new)).output();
    }

    private static void set(MuxGuest guest, String method, Object argument) {
        assertEquals("()\n", control(guest, LISTENER + "." + method, argument.toString()));
    }

    private static String requiresAuthentication(MuxGuest guest) {
        return control(guest, "org.freedesktop.DBus.Properties.Get", LISTENER, "RequiresAuthentication");
    }

    private static void assertAllowed(int port, String user, String password) {
        int status = logins.login("xfreerdp", port, "/sec:nla /u:" + user + " /p:" + password);
        String decision = logins.decision();
        assertTrue(decision.contains(" result=allowed user=" + user + " "), decision);
        assertNotEquals(LoginFixture.WRONG_PASSWORD, status, decision);
    }

    private static void assertRefused(int port, String user, String password) {
        int status = logins.login("xfreerdp", port, "/sec:nla /u:" + user + " /p:" + password);
        String decision = logins.decision();
        assertTrue(decision.contains(" result=refused reason=wrong-credentials "), decision);
        assertEquals(LoginFixture.WRONG_PASSWORD, status, decision);
    }

    private static void killAndRestart() {
        logins.agent().kill();
        logins.agent().start();
        awaitOnBus();
    }

    @Test
    void theUsersOfTheGuestsFileAreLetInAlsoAfterItWasChangedAndTheAgentKilled() throws Exception {
        Path first = sam("first.sam", "bob", "s3cret-of-bob");
        Path second = sam("second.sam", "eve", "s3cret-of-eve");
        MuxGuest guest = guest("5", first);
        MuxGuest other = guest("4c", null);
        int port = logins.agent().awaitPort(guest.name());
        assertAllowed(port, "bob", "s3cret-of-bob");
        assertRefused(port, "bob", "s3cret-of-eve");
        assertRefused(port, "eve", "s3cret-of-eve");
        assertRefused(logins.agent().awaitPort(other.name()), "bob", "s3cret-of-bob");

        set(guest, "SetCredentialFile", second);
        assertAllowed(port, "eve", "s3cret-of-eve");
        assertRefused(port, "bob", "s3cret-of-bob");

        killAndRestart();
        assertEquals(port, logins.agent().awaitPort(guest.name()));
        assertAllowed(port, "eve", "s3cret-of-eve");
        assertRefused(port, "eve", "s3cret-of-bob");
        assertRefused(port, "bob", "s3cret-of-bob");

        set(guest, "SetAuthentication", false);
        assertRefused(port, "eve", "s3cret-of-eve"); // the host's own users are asked for
        killAndRestart();
        assertEquals(port, logins.agent().awaitPort(guest.name()));
        assertRefused(port, "eve", "s3cret-of-eve");
        set(guest, "SetAuthentication", true);
        assertAllowed(port, "eve", "s3cret-of-eve");
        assertEquals(List.of(), guest.complaints());
    }

    @Test
    void aGuestThatIsShutStaysShutWhenTheAgentIsKilled() {
        MuxGuest guest = guest("5", null);
        int port = logins.agent().awaitPort(guest.name());
        String refused = control(guest, LISTENER + ".SetAuthentication", "true");
        assertTrue(refused.contains("no file of users"), refused);
        String relative = control(guest, LISTENER + ".SetCredentialFile", "relative.sam");
        assertTrue(relative.contains("not an absolute path"), relative);
        assertEquals("()\n", control(guest, LISTENER + ".Shutdown"));
        assertFalse(Agent.accepts(port));
        killAndRestart();
        String list = Wait.value(
                "the guest is known again",
                () -> Optional.of(logins.agent().ctl("list").output()).filter(text -> text.contains(guest.name())));
        assertTrue(list.contains("shut down"), list);
        assertFalse(Agent.accepts(port));
        assertEquals("(<true>,)\n", requiresAuthentication(guest));
    }
}
