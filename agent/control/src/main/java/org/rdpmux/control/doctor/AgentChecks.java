// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.control.doctor;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.rdpmux.control.AgentReport;
import org.rdpmux.control.ConsoleReport;
import org.rdpmux.control.doctor.Doctor.Situation;

/** Checks of what the agent itself knows best: it looked as the unit's user. */
final class AgentChecks {

    private static final String CERTIFICATE = "certificate";

    private AgentChecks() {}

    static List<Finding> notAsked(String check) {
        return Finding.unknown(check, "the agent knows, and does not answer");
    }

    /** All that the agent warns of, but for what other checks tell. */
    static List<Finding> warnings(Situation situation) {
        if (situation.agent().isEmpty()) {
            return notAsked("warnings");
        }
        List<Finding> found = warnings(situation, false);
        return found.isEmpty() ? Finding.ok("warnings", "the agent has none") : found;
    }

    /** Its dates, its names against the host's, its key: the agent warns of what clients will not like. */
    static List<Finding> certificate(Situation situation) {
        if (situation.agent().isEmpty()) {
            return notAsked(CERTIFICATE);
        }
        List<Finding> found = warnings(situation, true);
        return found.isEmpty()
                ? Finding.ok(CERTIFICATE, "SHA-256 " + situation.agent().get().certificateFingerprint())
                : found;
    }

    private static List<Finding> warnings(Situation situation, boolean ofCertificates) {
        return situation.agent().orElseThrow().warnings().stream()
                .filter(warning -> warning.contains(CERTIFICATE) == ofCertificates)
                .map(warning -> new Finding(
                        ofCertificates ? CERTIFICATE : "warnings",
                        Finding.PROBLEM,
                        warning,
                        ofCertificates
                                ? "replace the file, then 'systemctl reload rdpmux'; without security.certificate the agent"
                                        + " makes one when tls-identity.pem is removed"
                                : ""))
                .toList();
    }

    /** Whether there is an encoder for what moves; nobody needs one. */
    static List<Finding> video(Situation situation) {
        String check = "h264";
        if (situation.agent().isEmpty()) {
            return notAsked(check);
        }
        String video = situation.agent().get().video();
        return Finding.ok(
                check,
                video.startsWith(AgentReport.NO_VIDEO)
                        ? "films are sent without: " + video.substring(AgentReport.NO_VIDEO.length())
                        : "films are encoded with " + video);
    }

    static List<Finding> libvirt(Situation situation) {
        String check = "libvirt";
        if (situation.agent().isEmpty()) {
            return notAsked(check);
        }
        AgentReport.Libvirt libvirt = situation.agent().get().libvirt();
        return switch (libvirt.state()) {
            case "connected" -> Finding.ok(check, libvirt.uri() + ", " + counted(libvirt.domains(), "domain"));
            case "off" -> Finding.ok(check, "not asked: libvirt.uri is empty");
            default ->
                Finding.problem(
                        check,
                        libvirt.problem(),
                        "'systemctl start libvirtd'; if that runs, 'usermod -aG libvirt rdpmux' and 'systemctl restart"
                                + " rdpmux'");
        };
    }

    static String counted(int number, String noun) {
        return number + " " + noun + (number == 1 ? "" : "s");
    }

    /** Each running guest has a display, and a port of its own. */
    static List<Finding> displays(Situation situation) {
        if (situation.agent().isEmpty()) {
            return notAsked("displays");
        }
        List<Finding> found = new ArrayList<>();
        for (ConsoleReport console : situation.running()) {
            if (!console.problem().isEmpty()) {
                found.add(new Finding(
                        "displays", Finding.PROBLEM, console.name() + ": " + console.problem(), advice(console)));
            }
        }
        return found.isEmpty()
                ? Finding.ok("displays", counted(situation.running().size(), "running guest") + ", nothing is missing")
                : found;
    }

    private static String advice(ConsoleReport console) {
        return console.problem().contains("<graphics")
                ? "'virsh edit " + console.name()
                        + "': put <graphics type='vnc'/> into <devices>, shut it down and start it"
                : "";
    }

    /** The addresses that endpoints have are this host's. */
    static List<Finding> addresses(Situation situation) {
        String check = "addresses";
        if (situation.agent().isEmpty()) {
            return notAsked(check);
        }
        List<String> hosts = situation.served().stream()
                .map(ConsoleReport::host)
                .distinct()
                .sorted()
                .toList();
        List<Finding> found = new ArrayList<>();
        for (String host : hosts) {
            if (!isOurs(host)) {
                found.add(new Finding(
                        check,
                        Finding.PROBLEM,
                        host + " is not an address of this host (any more)",
                        "set listen.address to one of 'ip -brief address', then 'systemctl reload rdpmux'"));
            }
        }
        return found.isEmpty()
                ? Finding.ok(check, hosts.isEmpty() ? "no endpoints" : "endpoints at " + String.join(", ", hosts))
                : found;
    }

    private static boolean isOurs(String host) {
        try {
            InetAddress address = InetAddress.getByName(host);
            return address.isAnyLocalAddress() || NetworkInterface.getByInetAddress(address) != null;
        } catch (UnknownHostException | SocketException e) {
            return false;
        }
    }
}
