// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.control.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.rdpmux.control.AgentReport;
import org.rdpmux.control.ConsoleReport;
import org.rdpmux.control.ViewerReport;

/** Reports as text for people. */
final class ReportText {

    private ReportText() {}

    /**
     * Consoles as a table.
     *
     * @param all also those whose guest is shut off
     */
    static List<String> list(List<ConsoleReport> consoles, boolean all) {
        Table table = new Table("NAME", "STATE", "ENDPOINT", "SCREEN", "DISPLAY", "VIEWERS", "NOTE");
        List<ConsoleReport> shown = consoles.stream()
                .filter(console -> all || !console.state().equals("shut off"))
                .toList();
        if (shown.isEmpty()) {
            return List.of(
                    consoles.isEmpty()
                            ? "no consoles: no domain is known, and none is configured or attached"
                            : "no guest is running (--all shows the others)");
        }
        for (ConsoleReport console : shown) {
            table.add(
                    shown(console),
                    orDash(console.state()),
                    orDash(console.uri()),
                    size(console.width(), console.height()),
                    orDash(console.display()),
                    console.uri().isEmpty() ? "-" : viewerCount(console.viewers()),
                    console.problem());
        }
        return table.lines();
    }

    static List<String> console(ConsoleReport console) {
        List<String> lines = new ArrayList<>();
        lines.add(Table.printable(shown(console)));
        field(lines, "UUID", console.uuid());
        field(lines, "Origin", console.origin());
        field(lines, "State", console.state());
        field(lines, "Endpoint", console.uri());
        field(lines, "Access", console.access());
        field(lines, "Certificate", console.certificate());
        field(lines, "Open with", console.openWith());
        field(lines, "Display", join(console.display(), console.displayState()));
        field(lines, "Screen", console.width() == 0 ? "" : size(console.width(), console.height()));
        field(lines, "Problem", console.problem());
        if (!console.uri().isEmpty()) {
            field(lines, "Changes", String.valueOf(console.framesChanged()));
            field(lines, "H.264", console.videoFrames() == 0 ? "" : console.videoFrames() + " frames");
            field(lines, "Input", console.inputEvents() + " events");
            field(lines, "Viewers", viewerCount(console.viewers()));
        }
        if (!console.viewers().isEmpty()) {
            lines.add("");
            lines.addAll(viewers(console.viewers()));
        }
        return lines;
    }

    /** A guest of Proxmox as Proxmox shows it, such as {@code 100 (web)}. */
    private static String shown(ConsoleReport console) {
        return console.vmid() == 0 ? console.name() : console.vmid() + " (" + console.name() + ")";
    }

    /** Such as {@code 3 (1 view-only)}. */
    private static String viewerCount(List<ViewerReport> viewers) {
        long lookingOn = viewers.stream().filter(ViewerReport::viewOnly).count();
        return viewers.size() + (lookingOn == 0 ? "" : " (" + lookingOn + " view-only)");
    }

    private static List<String> viewers(List<ViewerReport> viewers) {
        Table table = new Table(
                "ID",
                "FROM",
                "CLIENT",
                "USER",
                "ROLE",
                "FOR",
                "DESKTOP",
                "SENT",
                "STATE",
                "LATENCY",
                "ROUND TRIP",
                "CODECS");
        for (ViewerReport viewer : viewers) {
            table.add(
                    String.valueOf(viewer.id()),
                    viewer.address(),
                    viewer.clientName(),
                    viewer.user(),
                    viewer.viewOnly() ? "view-only" : "",
                    duration(viewer.seconds()),
                    size(viewer.width(), viewer.height()) + "x" + viewer.bitsPerPixel(),
                    bytes(viewer.bytesSent()),
                    viewer.state(),
                    millis(viewer.latencyMicros()),
                    millis(viewer.roundTripMicros()),
                    String.join(", ", viewer.codecs()));
        }
        return table.lines();
    }

    static List<String> agent(AgentReport agent) {
        List<String> lines = new ArrayList<>();
        lines.add("rdpmux " + agent.version());
        field(lines, "Process", agent.pid() + ", running for " + duration(agent.seconds()));
        field(lines, "Settings", agent.configuration().isEmpty() ? "defaults" : agent.configuration());
        AgentReport.Libvirt libvirt = agent.libvirt();
        field(lines, "libvirt", libvirt.uri().isEmpty() ? "not asked" : libvirt(libvirt));
        if (libvirt.state().equals("connected")) {
            field(lines, "Domains", String.valueOf(libvirt.domains()));
        }
        field(lines, "Endpoints", String.valueOf(agent.endpoints()));
        field(lines, "Viewers", String.valueOf(agent.viewers()));
        AgentReport.Memory memory = agent.memory();
        field(
                lines,
                "Memory",
                bytes(memory.resident()) + " resident, heap " + bytes(memory.heapUsed()) + " of at most "
                        + bytes(memory.heapMax()));
        field(lines, "H.264", agent.video());
        field(lines, "Certificate", agent.certificateFingerprint());
        agent.warnings().forEach(warning -> field(lines, "Warning", warning));
        return lines;
    }

    private static String libvirt(AgentReport.Libvirt libvirt) {
        String problem = libvirt.problem().isEmpty() ? "" : ": " + libvirt.problem();
        return libvirt.uri() + ", " + libvirt.state() + problem;
    }

    static void field(List<String> lines, String name, String value) {
        if (!value.isEmpty()) {
            lines.add(String.format("  %-12s%s", name, Table.printable(value)));
        }
    }

    private static String join(String a, String b) {
        return a.isEmpty() || b.isEmpty() ? a + b : a + ", " + b;
    }

    private static String orDash(String text) {
        return text.isEmpty() ? "-" : text;
    }

    private static String size(int width, int height) {
        return width == 0 ? "-" : width + "x" + height;
    }

    /** The two largest units: {@code 3d 4h}, {@code 12s}. */
    static String duration(long seconds) {
        if (seconds < 60) {
            return seconds + "s";
        }
        if (seconds < 3600) {
            return seconds / 60 + "m " + seconds % 60 + "s";
        }
        return seconds < 86400
                ? seconds / 3600 + "h " + seconds / 60 % 60 + "m"
                : seconds / 86400 + "d " + seconds / 3600 % 24 + "h";
    }

    /** With three digits: {@code 999 B}, {@code 1.21 MB}. */
    static String bytes(long bytes) {
        double value = bytes;
        int unit = 0;
        while (value >= 999.5 && unit < 4) {
            value /= 1000;
            unit++;
        }
        String[] units = {"B", "kB", "MB", "GB", "TB"};
        int decimals = unit == 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
        return String.format(Locale.ROOT, "%." + decimals + "f %s", value, units[unit]);
    }

    /** Nothing for what was not measured. */
    private static String millis(long micros) {
        return micros < 0 ? "" : String.format(Locale.ROOT, micros < 10_000 ? "%.1f ms" : "%.0f ms", micros / 1000.0);
    }
}
