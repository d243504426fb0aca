// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Endpoints that other machines reach. */
class NetworkIT {

    @RegisterExtension
    static Programs programs = new Programs();

    private RemoteMachine near;

    @BeforeEach
    void plugIn() {
        near = new RemoteMachine(programs);
    }

    /** An attempt to log in from another machine; its exit status. */
    private static int login(LoginFixture logins, RemoteMachine from, String address, String arguments) {
        return logins.shell("timeout 60 " + from.run() + "xfreerdp " + arguments + " /v:" + address
                        + " /cert:ignore +auth-only </dev/null")
                .status();
    }

    private void awaitShown(KeysGuest guest, List<String> client) {
        List<String> command = new ArrayList<>(List.of(near.run().strip().split(" ")));
        command.addAll(client);
        Viewer viewer = new Viewer(programs, command);
        viewer.awaitShows(guest::screenshot);
        viewer.leave();
    }

    @Test
    void anotherMachineLogsInByNlaSeesTheGuestAndGetsNoFurtherWithoutASecret() {
        Libvirtd libvirt = new Libvirtd(programs);
        LoginFixture logins =
                new LoginFixture(programs, Map.of("libvirt.uri", libvirt.uri(), "listen.address", near.host()));
        KeysGuest guest = new KeysGuest(libvirt, "far");
        int port = logins.agent().awaitPort("far");
        logins.addUser("ann", "s3cret-of-ann", "");
        String address = near.host() + ":" + port;
        awaitShown(guest, logins.client("xfreerdp", port, "/u:ann", "/p:s3cret-of-ann", "/sec:nla", "/v:" + address));
        String allowed = logins.decision();
        assertTrue(allowed.contains(" result=allowed user=ann "), allowed);
        assertTrue(allowed.contains(" source=" + near.address() + ":"), allowed);
        assertEquals(LoginFixture.WRONG_PASSWORD, login(logins, near, address, "/u:ann /p:s3cret-of-bob"));
        String refused = logins.decision();
        assertTrue(refused.contains(" result=refused reason=wrong-credentials "), refused);
        LoginFixture.assertNoCommonProtocol(login(logins, near, address, "/u:ann /p:s3cret-of-ann /sec:tls"));
        Path file = programs.newDirectory("ticket").resolve("far.rdp");
        assertEquals(
                0, logins.agent().ctl("ticket", "far", "--rdp", file.toString()).status());
        logins.shell(near.run() + "xfreerdp " + file + " /cert:ignore +auth-only </dev/null");
        String ticket = logins.decision();
        assertTrue(ticket.contains(" result=allowed ") && ticket.contains(" store=ticket "), ticket);
        assertEquals(List.of(near.host() + ":" + port), listening(logins.agent()));
    }

    /** Where an agent accepts connections. */
    private static List<String> listening(Agent agent) {
        String owner = "pid=" + agent.process().pid() + ",";
        return Programs.run("ss", "--no-header", "--tcp", "--listening", "--numeric", "--processes")
                .lines()
                .filter(line -> line.contains(owner))
                .map(line -> line.split("\\s+")[3].replaceFirst("^\\[::ffff:(.*)]", "$1"))
                .toList();
    }

    @Test
    void guestsAreOpenToTheNetworkOnlyIfThatIsSaidTwice() {
        Libvirtd libvirt = new Libvirtd(programs);
        String objection = "listen.address is '" + near.host() + "', so everybody on the network would control guests";
        Map<String, String> open = Map.of("libvirt.uri", libvirt.uri(), "listen.address", near.host());
        Agent refused = new Agent(programs, open).start();
        refused.process().awaitEnd();
        String said = refused.process().output();
        assertTrue(said.contains("security.policy is 'none' and " + objection), said);

        Map<String, String> asking = new HashMap<>(open);
        asking.put("security.policy", "nla");
        asking.put("security.weakest-policy", "none");
        Agent strict = new Agent(programs, asking).start();
        KeysGuest guest = new KeysGuest(libvirt, "far");
        strict.awaitPort("far");
        Programs.Result attach = strict.ctl("attach", "vnc://127.0.0.1:1", "--name", "lab", "--policy", "none");
        assertEquals(1, attach.status());
        assertTrue(attach.output().contains("the policy is 'none' and " + objection), attach::output);
        libvirt.metadata("far", "<vm policy='none'/>");
        Wait.until(
                "the domain has no endpoint",
                () -> strict.ctl("list")
                        .output()
                        .contains("its policy is 'none', which listen.address = " + near.host()
                                + " would open to the network"));
        strict.process().end();

        Map<String, String> meant = new HashMap<>(open);
        meant.put("security.none-on-network", "yes");
        Agent agent = new Agent(programs, meant).start();
        int port = agent.awaitPort("far");
        awaitShown(guest, List.of("xfreerdp", "/v:" + near.host() + ":" + port, "/u:x", "/cert:ignore", "/sec:tls"));
    }

    /** An agent that is reached from everywhere, has a console named lab, and soon locks out who guesses. */
    private static LoginFixture lab() {
        return new LoginFixture(
                programs,
                Map.of(
                        "listen.address", "::",
                        "libvirt.uri", "",
                        "console.lab", "vnc://127.0.0.1:1",
                        "security.lock-user-after", "4"));
    }

    @Test
    void whoGuessesOnOneMachineLocksOutNobodyOnAnother() {
        RemoteMachine far = new RemoteMachine(programs);
        LoginFixture logins = lab();
        String port = ":" + logins.agent().awaitPort("lab");
        logins.addUser("ann", "s3cret-of-ann", "");
        for (int i = 0; i < 4; i++) {
            assertRefused(logins, login(logins, near, near.host() + port, "/u:ann /p:guess" + i), "wrong-credentials");
        }
        assertRefused(logins, login(logins, near, near.host() + port, "/u:ann /p:s3cret-of-ann"), "locked-out");
        assertTrue(locks(logins).contains("\n" + near.address() + "  ann "), () -> locks(logins));
        assertAllowed(logins, login(logins, far, far.host() + port, "/u:ann /p:s3cret-of-ann"), far.address());
        logins.agent().ctl("unlock", near.address());
        assertAllowed(logins, login(logins, near, near.host() + port, "/u:ann /p:s3cret-of-ann"), near.address());
    }

    @Test
    void aMachineThatChangesItsAddressWithinItsIpv6NetworkStaysLockedOut() {
        RemoteMachine far = new RemoteMachine(programs);
        LoginFixture logins = lab();
        int port = logins.agent().awaitPort("lab");
        String near6 = "[" + near.host6() + "] /port:" + port; // version 2 wants them apart
        logins.addUser("ann", "s3cret-of-ann", "");
        for (int i = 0; i < 4; i++) {
            near.move6(10 + i);
            assertRefused(logins, login(logins, near, near6, "/u:ann /p:guess" + i), "wrong-credentials");
        }
        near.move6(20);
        assertRefused(logins, login(logins, near, near6, "/u:ann /p:s3cret-of-ann"), "locked-out");
        assertTrue(locks(logins).contains("\n" + near.network6() + "  ann "), locks(logins));
        assertAllowed(
                logins,
                login(logins, far, "[" + far.host6() + "] /port:" + port, "/u:ann /p:s3cret-of-ann"),
                far.address6());
        assertEquals(
                "1 lock-out is lifted\n",
                logins.agent().ctl("unlock", near.host6()).output());
        assertAllowed(logins, login(logins, near, near6, "/u:ann /p:s3cret-of-ann"), ":20]:");
    }

    private static String locks(LoginFixture logins) {
        return logins.agent().ctl("locks").output();
    }

    private static void assertRefused(LoginFixture logins, int status, String reason) {
        String decision = logins.decision();
        assertTrue(decision.contains(" result=refused reason=" + reason + " "), decision);
        assertEquals(LoginFixture.WRONG_PASSWORD, status, decision);
    }

    private static void assertAllowed(LoginFixture logins, int status, String source) {
        String decision = logins.decision();
        assertTrue(decision.contains(" result=allowed user=ann "), decision);
        assertTrue(decision.contains(source), decision);
        assertEquals(0, status, decision);
    }
}
