// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.control.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.rdpmux.control.AgentReport;
import org.rdpmux.control.doctor.Doctor.Situation;

/** Checks of the host around the agent. */
final class HostChecks {

    /** Five for each of a thousand consoles with a viewer: display, endpoint, client, and what belongs to them. */
    private static final long ENOUGH_FILES = 5000;

    private static final Pattern OPEN_FILES = Pattern.compile("Max open files\\s+(\\w+)");

    private static final Pattern QEMU_USER = Pattern.compile("(?m)^\\s*user\\s*=\\s*\"\\+?([^\"]+)\"");

    private static final String BUS_NAME = "org.RDPMux.RDPMux";

    /** Certificates and tickets cannot be right before this program was. */
    private static final int EARLIEST_YEAR = 2026;

    private HostChecks() {}

    static List<Finding> firewall(Situation situation) {
        String check = "firewall";
        if (situation.agent().isEmpty()) {
            return AgentChecks.notAsked(check);
        }
        if (situation.served().stream().allMatch(console -> isLoopback(console.host()))) {
            return Finding.ok(check, "no endpoint can be reached from the network, so nothing is to be open");
        }
        Optional<Host.Result> firewalld = situation.host().run("firewall-cmd", "--state");
        if (firewalld.isPresent() && firewalld.get().output().equals("running")) {
            boolean open = situation
                    .host()
                    .run("firewall-cmd", "--query-service=rdpmux")
                    .filter(result -> result.status() == 0)
                    .isPresent();
            return open
                    ? Finding.ok(check, "firewalld lets the service rdpmux in")
                    : Finding.problem(
                            check,
                            "firewalld does not let the service rdpmux in",
                            "'firewall-cmd --permanent --add-service=rdpmux' and 'firewall-cmd --reload'");
        }
        Optional<Host.Result> ufw = situation.host().run("ufw", "status");
        if (ufw.isPresent() && ufw.get().output().startsWith("Status: active")) {
            return ufw.get().output().lines().anyMatch(line -> line.matches("rdpmux .* ALLOW .*"))
                    ? Finding.ok(check, "ufw lets rdpmux in")
                    : Finding.problem(check, "ufw has no rule for rdpmux", "'ufw allow rdpmux'");
        }
        return Finding.unknown(
                check, "neither firewalld nor ufw is active, or they cannot be asked: see 'nft list ruleset'");
    }

    private static boolean isLoopback(String host) {
        return host.startsWith("127.") || host.equals("::1") || host.equals("0:0:0:0:0:0:0:1");
    }

    /** For guests that were built with librdpmux, which register there. */
    static List<Finding> bus(Situation situation) {
        String check = "dbus";
        if (!Files.isDirectory(guestDirectory(situation))) {
            return Finding.ok(check, "the agent does not wait for guests: librdpmux.enabled is no, or it does not run");
        }
        Host host = situation.host();
        String policy = "/dbus-1/system.d/" + BUS_NAME + ".conf";
        if (host.read("/usr/share" + policy)
                .or(() -> host.read("/etc" + policy))
                .isEmpty()) {
            return Finding.problem(
                    check,
                    "the bus has no policy that lets the agent own " + BUS_NAME,
                    "install the package, or copy its file to /etc" + policy + " and 'systemctl reload dbus'");
        }
        Optional<Host.Result> owner = host.run("busctl", "--system", "status", BUS_NAME);
        if (owner.isEmpty()) {
            return Finding.unknown(
                    check, "there is a policy for " + BUS_NAME + "; busctl cannot say who owns the name");
        }
        return owner.get().status() == 0
                ? Finding.ok(check, BUS_NAME + " is owned")
                : Finding.problem(
                        check,
                        "nobody owns " + BUS_NAME + " on the system bus",
                        "see what 'journalctl -u rdpmux' says of D-Bus; librdpmux.enabled = no, if no guest needs it");
    }

    /** QEMU's user reaches the sockets of guests that were built with librdpmux. */
    static List<Finding> guests(Situation situation) {
        String check = "librdpmux";
        Path directory = guestDirectory(situation);
        String user = situation
                .host()
                .read("/etc/libvirt/qemu.conf")
                .map(QEMU_USER::matcher)
                .filter(Matcher::find)
                .map(matcher -> matcher.group(1))
                .orElse("libvirt's default");
        try {
            PosixFileAttributes attributes = Files.readAttributes(directory, PosixFileAttributes.class);
            Set<PosixFilePermission> mode = attributes.permissions();
            if (mode.contains(PosixFilePermission.OTHERS_EXECUTE) || user.equals("root")) {
                return Finding.ok(check, "QEMU runs as " + user + " and reaches its sockets in " + directory);
            }
            if (mode.contains(PosixFilePermission.GROUP_EXECUTE)) {
                return Finding.unknown(
                        check,
                        "only the group " + attributes.group().getName() + " reaches " + directory + "; QEMU runs as "
                                + user);
            }
            return Finding.problem(
                    check,
                    "QEMU, which runs as " + user + ", does not reach its sockets in " + directory,
                    "set librdpmux.group to a group of QEMU's user, then 'systemctl restart rdpmux'");
        } catch (IOException e) {
            return Finding.ok(
                    check, "there is no " + directory + ": librdpmux.enabled is no, or the agent does not run");
        }
    }

    /** There while the agent waits for guests that were built with librdpmux. */
    private static Path guestDirectory(Situation situation) {
        return situation.runtime().resolve("guests");
    }

    /** AppArmor's and SELinux's, since this boot. */
    static List<Finding> denials(Situation situation) {
        String check = "denials";
        Optional<Host.Result> log = situation.host().run("journalctl", "-k", "-b", "-q", "--no-pager", "-o", "cat");
        if (log.isEmpty() || log.get().status() != 0 || log.get().output().isEmpty()) {
            return Finding.unknown(check, "the kernel's log cannot be read here; see 'dmesg' and 'ausearch -m avc'");
        }
        List<String> denied = log.get()
                .output()
                .lines()
                .filter(line -> line.contains("apparmor=\"DENIED\"") || line.contains("avc:  denied"))
                .filter(line -> line.contains("rdpmux"))
                .toList();
        if (denied.isEmpty()) {
            return Finding.ok(check, "neither AppArmor nor SELinux denied anything about rdpmux since the start");
        }
        return Finding.problem(
                check,
                AgentChecks.counted(denied.size(), "denial") + " about rdpmux since the start, the last: "
                        + denied.get(denied.size() - 1),
                "AppArmor: see /usr/share/doc/rdpmux/examples/apparmor-libvirt-qemu; SELinux: 'ausearch -m avc -ts boot |"
                        + " audit2allow'");
    }

    static List<Finding> openFiles(Situation situation) {
        String check = "limits";
        Optional<String> limit = situation
                .agent()
                .map(AgentReport::pid)
                .flatMap(pid -> situation.host().read("/proc/" + pid + "/limits"))
                .map(OPEN_FILES::matcher)
                .filter(Matcher::find)
                .map(matcher -> matcher.group(1));
        if (limit.isEmpty()) {
            return Finding.unknown(check, "the agent's limits cannot be read: be root");
        }
        boolean enough = !limit.get().matches("\\d+") || Long.parseLong(limit.get()) >= ENOUGH_FILES;
        return enough
                ? Finding.ok(check, limit.get() + " open files")
                : Finding.problem(
                        check,
                        "the agent may open " + limit.get() + " files",
                        "set LimitNOFILE=65536 with 'systemctl edit rdpmux', or 'ulimit -n 65536' before you start it");
    }

    /** Nobody needs libvirt's hook; one that is there has to run. */
    static List<Finding> hooks(Situation situation) {
        Path hook = situation.host().file("/etc/libvirt/hooks/qemu.d/50-rdpmux");
        if (!Files.exists(hook)) {
            return Finding.ok("hooks", "libvirt's hook is not installed; nothing needs it");
        }
        return Files.isExecutable(hook)
                ? Finding.ok("hooks", hook + " is there")
                : Finding.problem(
                        "hooks", hook + " is not executable, so that libvirt skips it", "'chmod 755 " + hook + "'");
    }

    static List<Finding> clock(Situation situation) {
        String check = "clock";
        String now = situation.host().clock().instant().atOffset(ZoneOffset.UTC).toString();
        if (situation.host().clock().instant().atOffset(ZoneOffset.UTC).getYear() < EARLIEST_YEAR) {
            return Finding.problem(
                    check,
                    "it is " + now + " here: certificates are not valid yet",
                    "set the clock: 'timedatectl set-ntp true'");
        }
        Optional<Host.Result> synchronised =
                situation.host().run("timedatectl", "show", "-p", "NTPSynchronized", "--value");
        if (synchronised.isEmpty() || synchronised.get().status() != 0) {
            return Finding.unknown(check, now + "; timedatectl cannot say whether it is synchronised");
        }
        return synchronised.get().output().equals("yes")
                ? Finding.ok(check, now + ", synchronised")
                : Finding.problem(check, now + ", not synchronised", "'timedatectl set-ntp true', or run chrony");
    }
}
