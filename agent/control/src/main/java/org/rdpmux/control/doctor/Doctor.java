// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.control.doctor;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.rdpmux.control.AgentReport;
import org.rdpmux.control.ConsoleList;
import org.rdpmux.control.ConsoleReport;
import org.rdpmux.control.Request;

/** Runs all checks. One thread. */
public final class Doctor {

    /** The agent's control socket. */
    @FunctionalInterface
    public interface Asking {
        /** @throws IOException if there is no answer, with a sentence that says what to do */
        <T extends Record> T ask(Request request, Class<T> type) throws IOException;
    }

    /**
     * What is known before a check runs.
     *
     * @param runtime the agent's runtime directory
     * @param agent empty if it does not answer
     * @param consoles that the agent knows
     */
    record Situation(Host host, Path runtime, Optional<AgentReport> agent, List<ConsoleReport> consoles) {

        List<ConsoleReport> running() {
            return consoles.stream()
                    .filter(console -> !console.state().equals("shut off"))
                    .toList();
        }

        /** Consoles that clients can connect to. */
        List<ConsoleReport> served() {
            return consoles.stream().filter(console -> !console.uri().isEmpty()).toList();
        }
    }

    /** Looks at one thing. */
    @FunctionalInterface
    interface Check {
        /** At least one finding. */
        List<Finding> run(Situation situation);
    }

    private static final List<Check> CHECKS = List.of(
            AgentChecks::warnings,
            AgentChecks::certificate,
            AgentChecks::libvirt,
            AgentChecks::displays,
            AgentChecks::addresses,
            AgentChecks::video,
            HostChecks::firewall,
            HostChecks::bus,
            HostChecks::guests,
            HostChecks::denials,
            HostChecks::openFiles,
            HostChecks::hooks,
            HostChecks::clock,
            Versions::java,
            Versions::hypervisor);

    private Doctor() {}

    /**
     * What there is to say of this host; each check has its finding.
     *
     * @param runtime the agent's runtime directory
     */
    public static FindingList examine(Host host, Path runtime, Asking control) {
        List<Finding> findings = new ArrayList<>();
        Optional<AgentReport> agent = Optional.empty();
        List<ConsoleReport> consoles = List.of();
        try {
            AgentReport report = control.ask(new Request.AgentStatus(), AgentReport.class);
            agent = Optional.of(report);
            consoles =
                    control.ask(new Request.ListConsoles(), ConsoleList.class).consoles();
            findings.addAll(Finding.ok("agent", "version " + report.version() + " answers, process " + report.pid()));
        } catch (IOException e) {
            findings.addAll(Finding.problem("agent", e.getMessage(), "'journalctl -u rdpmux' says more"));
        }
        Situation situation = new Situation(host, runtime, agent, consoles);
        CHECKS.forEach(check -> findings.addAll(check.run(situation)));
        return new FindingList(findings);
    }
}
