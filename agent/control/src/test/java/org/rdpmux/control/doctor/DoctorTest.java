// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.control.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rdpmux.control.AgentReport;
import org.rdpmux.control.ConsoleList;
import org.rdpmux.control.ConsoleReport;
import org.rdpmux.control.Request;
import org.rdpmux.control.Samples;

/** Each check fails, and passes when what it says was done: real files and programs, in a directory instead of in {@code /}. */
class DoctorTest {

    private static final Instant NOW = Instant.parse("2027-01-02T03:04:05Z");

    @TempDir
    Path root;

    private Path runtime;
    private Instant now = NOW;
    private List<ConsoleReport> consoles = List.of(Samples.demo());
    private String video = Samples.agent().video();
    private AgentReport agent;

    @BeforeEach
    void allIsWell() throws IOException {
        runtime = Files.createDirectories(root.resolve("run/rdpmux"));
        directory("run/rdpmux/guests", "rwxr-xr-x");
        agent = agent("connected", "", List.of());
        program("busctl", "exit 0");
        program("journalctl", "echo 'Linux version 6.1'");
        program("timedatectl", "echo yes");
        program("virsh", "echo 'Using library: libvirt 9.0.0'; echo 'Running hypervisor: QEMU 7.2.17'");
        file("usr/share/dbus-1/system.d/org.RDPMux.RDPMux.conf", "<busconfig/>");
        file("proc/4711/limits", "Max open files            65536                65536                files\n");
    }

    private AgentReport agent(String state, String problem, List<String> warnings) {
        return agent(new AgentReport.Libvirt("qemu:///system", state, problem, 3), warnings);
    }

    private AgentReport agent(AgentReport.Libvirt libvirt, List<String> warnings) {
        AgentReport sample = Samples.agent();
        return new AgentReport(
                sample.version(),
                sample.pid(),
                sample.seconds(),
                sample.configuration(),
                libvirt,
                sample.endpoints(),
                sample.viewers(),
                sample.certificateFingerprint(),
                video,
                sample.memory(),
                warnings);
    }

    private static ConsoleReport at(String host) {
        ConsoleReport c = Samples.demo();
        return new ConsoleReport(
                c.name(),
                c.uuid(),
                c.vmid(),
                c.origin(),
                c.state(),
                "rdp://" + host + ":3901",
                host,
                c.port(),
                c.access(),
                c.certificate(),
                c.openWith(),
                c.display(),
                c.displayState(),
                "",
                640,
                480,
                0,
                0,
                0,
                List.of());
    }

    private Path file(String path, String text) throws IOException {
        Files.createDirectories(root.resolve(path).getParent());
        return Files.writeString(root.resolve(path), text);
    }

    private void directory(String path, String mode) throws IOException {
        Files.createDirectories(root.resolve(path));
        Files.setPosixFilePermissions(root.resolve(path), PosixFilePermissions.fromString(mode));
    }

    private void program(String name, String script) throws IOException {
        Path file = file("bin/" + name, "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private FindingList examine() {
        Host host = new Host(root, Map.of("PATH", root.resolve("bin").toString()), Clock.fixed(now, ZoneOffset.UTC));
        return Doctor.examine(host, runtime, new Doctor.Asking() {
            @Override
            public <T extends Record> T ask(Request request, Class<T> type) throws IOException {
                if (agent == null) {
                    throw new IOException("no agent answers");
                }
                return type.cast(request instanceof Request.AgentStatus ? agent : new ConsoleList(consoles));
            }
        });
    }

    private Finding of(String check) {
        return examine().findings().stream()
                .filter(finding -> finding.check().equals(check))
                .findFirst()
                .orElseThrow();
    }

    private void assertProblem(String check, String finding, String advice) {
        Finding found = of(check);
        assertEquals("problem", found.state(), found::toString);
        assertTrue(found.finding().contains(finding), found::toString);
        assertTrue(found.advice().contains(advice), found::toString);
    }

    private void assertState(String check, String state) {
        assertEquals(state, of(check).state(), () -> of(check).toString());
    }

    @Test
    void findsNothingWhereAllIsWell() {
        assertEquals(
                List.of(),
                examine().findings().stream()
                        .filter(finding -> !finding.state().equals("ok"))
                        .toList());
    }

    @Test
    void anAgentThatDoesNotAnswerIsAProblemAndWhatItKnowsIsNotGuessed() {
        agent = null;
        assertProblem("agent", "no agent answers", "journalctl -u rdpmux");
        for (String check :
                List.of("warnings", "certificate", "libvirt", "displays", "addresses", "h264", "firewall")) {
            assertState(check, "unknown");
        }
        agent = agent("connected", "", List.of());
        assertState("agent", "ok");
    }

    @Test
    void saysWithWhatFilmsAreEncodedOrWhyNot() {
        assertEquals(Finding.ok("h264", "films are encoded with OpenH264 2.3.1"), List.of(of("h264")));
        video = AgentReport.NO_VIDEO + "there is no libopenh264.so.8";
        agent = agent("connected", "", List.of());
        assertEquals(Finding.ok("h264", "films are sent without: there is no libopenh264.so.8"), List.of(of("h264")));
    }

    @Test
    void passesOnWhatTheAgentWarnsOf() {
        agent = agent("connected", "", List.of("/var/lib/rdpmux is not writable"));
        assertProblem("warnings", "is not writable", "");
        assertState("certificate", "ok");
    }

    @Test
    void saysThatTheCertificateHasToBeReplaced() {
        agent = agent("connected", "", List.of("the host's certificate expires in 3 days"));
        assertProblem("certificate", "expires in 3 days", "systemctl reload rdpmux");
        assertState("warnings", "ok");
        agent = agent("connected", "", List.of());
        assertState("certificate", "ok");
    }

    @Test
    void saysHowTheAgentGetsToLibvirt() {
        agent = agent("connecting", "authentication failed", List.of());
        assertProblem("libvirt", "authentication failed", "usermod -aG libvirt rdpmux");
        agent = agent("connected", "", List.of());
        assertState("libvirt", "ok");
    }

    @Test
    void saysWhichLineADomainLacks() {
        consoles = List.of(Samples.demo(), Samples.withoutDisplay(), Samples.shutOff());
        assertProblem("displays", "headless: no VNC display", "'virsh edit headless': put <graphics type='vnc'/>");
        consoles = List.of(Samples.demo(), Samples.shutOff());
        assertState("displays", "ok");
    }

    @Test
    void noticesThatTheListenAddressIsGone() {
        consoles = List.of(at("192.0.2.77"));
        assertProblem("addresses", "192.0.2.77", "listen.address");
        consoles = List.of(at("0.0.0.0"));
        assertState("addresses", "ok");
    }

    @Test
    void asksFirewalldWhetherClientsGetIn() throws IOException {
        consoles = List.of(at("0.0.0.0"));
        Path rule = root.resolve("open");
        program("firewall-cmd", "case $1 in --state) echo running;; *) [ -e " + rule + " ];; esac");
        assertProblem("firewall", "firewalld", "--add-service=rdpmux");
        Files.createFile(rule);
        assertState("firewall", "ok");
        consoles = List.of(Samples.demo());
        Files.delete(rule);
        assertState("firewall", "ok");
    }

    @Test
    void asksUfwWhereFirewalldIsNotThere() throws IOException {
        consoles = List.of(at("0.0.0.0"));
        assertState("firewall", "unknown");
        program("ufw", "echo 'Status: active'");
        assertProblem("firewall", "ufw", "'ufw allow rdpmux'");
        program("ufw", "echo 'Status: active'; echo 'rdpmux   DENY    Anywhere'");
        assertProblem("firewall", "ufw", "'ufw allow rdpmux'");
        program(
                "ufw",
                "echo 'Status: active'; echo 'rdpmux                     ALLOW       Anywhere                  '");
        assertState("firewall", "ok");
    }

    @Test
    void wantsAPolicyOfTheBusAndItsName() throws IOException {
        program("busctl", "exit 1");
        assertProblem("dbus", "nobody owns", "journalctl -u rdpmux");
        Path policy = root.resolve("usr/share/dbus-1/system.d/org.RDPMux.RDPMux.conf");
        Files.delete(policy);
        assertProblem("dbus", "no policy", "/etc/dbus-1/system.d");
        file("etc/dbus-1/system.d/org.RDPMux.RDPMux.conf", "<busconfig/>");
        program("busctl", "exit 0");
        assertState("dbus", "ok");
    }

    @Test
    void saysThatQemuDoesNotReachItsSockets() throws IOException {
        file("etc/libvirt/qemu.conf", "#user = \"root\"\nuser = \"libvirt-qemu\"\n");
        directory("run/rdpmux/guests", "rwx------");
        assertProblem("librdpmux", "libvirt-qemu", "librdpmux.group");
        directory("run/rdpmux/guests", "rwx--x---");
        assertState("librdpmux", "unknown");
        directory("run/rdpmux/guests", "rwx--x--x");
        assertState("librdpmux", "ok");
    }

    @Test
    void tellsOfDenialsThatConcernTheAgent() throws IOException {
        program(
                "journalctl",
                "echo 'audit: apparmor=\"DENIED\" operation=\"connect\" profile=\"libvirt-1\" name=\"/run/rdpmux/guests/x\"'");
        assertProblem("denials", "1 denial about", "apparmor-libvirt-qemu");
        program("journalctl", "echo 'audit: apparmor=\"DENIED\" operation=\"open\" profile=\"cups\"'");
        assertState("denials", "ok");
        program("journalctl", "exit 1");
        assertState("denials", "unknown");
    }

    @Test
    void wantsRoomForOpenFiles() throws IOException {
        file("proc/4711/limits", "Max open files            1024                 524288               files\n");
        assertProblem("limits", "1024", "LimitNOFILE=65536");
        file("proc/4711/limits", "Max open files            unlimited            unlimited            files\n");
        assertState("limits", "ok");
        Files.delete(root.resolve("proc/4711/limits"));
        assertState("limits", "unknown");
    }

    @Test
    void noticesAHookThatLibvirtWouldSkip() throws IOException {
        Path hook = file("etc/libvirt/hooks/qemu.d/50-rdpmux", "#!/bin/sh\n");
        Files.setPosixFilePermissions(hook, PosixFilePermissions.fromString("rw-r--r--"));
        assertProblem("hooks", "not executable", "'chmod 755 " + hook + "'");
        Files.setPosixFilePermissions(hook, PosixFilePermissions.fromString("rwxr-xr-x"));
        assertState("hooks", "ok");
    }

    @Test
    void wantsTheClockRight() throws IOException {
        now = Instant.parse("1970-01-01T00:10:00Z");
        assertProblem("clock", "1970", "timedatectl set-ntp true");
        now = NOW;
        program("timedatectl", "echo no");
        assertProblem("clock", "not synchronised", "timedatectl set-ntp true");
        program("timedatectl", "echo yes");
        assertState("clock", "ok");
    }

    @Test
    void saysWhatIsOlderThanWhatIsTested() throws IOException {
        program("virsh", "echo 'Using library: libvirt 8.0.0'; echo 'Running hypervisor: QEMU 6.2.0'");
        assertProblem("versions", "libvirt 8.0.0, QEMU 6.2.0", "libvirt 9");
        program("virsh", "echo 'error: failed to connect' >&2; exit 1");
        assertState("versions", "unknown");
    }

    @Test
    void asksTheLibvirtThatTheAgentWatches() throws IOException {
        String uri = "qemu+unix:///system?socket=/run/another/libvirt-sock";
        agent = agent(new AgentReport.Libvirt(uri, "connected", "", 1), List.of());
        program(
                "virsh",
                "[ \"$3\" = '" + uri + "' ] && echo 'Using library: libvirt 9.0.0' &&"
                        + " echo 'Running hypervisor: QEMU 7.2.17'");
        assertState("versions", "ok");
        assertEquals(uri + ", 1 domain", of("libvirt").finding());
        agent = agent(new AgentReport.Libvirt("", "off", "", 0), List.of());
        assertState("versions", "ok");
        assertState("libvirt", "ok");
    }

    @Test
    void aProgramThatIsNotThereLeavesItsQuestionOpen() throws IOException {
        for (String program : List.of("busctl", "timedatectl", "virsh", "journalctl")) {
            Files.delete(root.resolve("bin").resolve(program));
        }
        for (String check : List.of("dbus", "clock", "versions", "denials")) {
            assertState(check, "unknown");
        }
    }
}
