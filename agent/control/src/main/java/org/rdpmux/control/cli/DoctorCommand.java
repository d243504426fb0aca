// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.control.cli;

import java.util.ArrayList;
import java.util.List;
import org.rdpmux.control.doctor.Doctor;
import org.rdpmux.control.doctor.Finding;
import org.rdpmux.control.doctor.FindingList;
import org.rdpmux.control.doctor.Host;
import picocli.CommandLine.Command;

/** {@code rdpmuxctl doctor}. */
@Command(
        name = "doctor",
        description = {
            "Checks this host and says what to do: one line for each check, and what helps below a problem.",
            "As root it sees more. Nothing is changed."
        },
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {"0:no problem was found", "1:there is something to do", "2:wrong usage"})
final class DoctorCommand extends Rdpmuxctl.Show {

    @Override
    public Integer call() {
        FindingList found =
                Doctor.examine(Host.current(), agent().socket().toAbsolutePath().getParent(), agent()::ask);
        show(found, DoctorCommand::text);
        return found.findings().stream().anyMatch(Finding::isProblem) ? 1 : 0;
    }

    static List<String> text(FindingList list) {
        List<String> lines = new ArrayList<>();
        for (Finding finding : list.findings()) {
            lines.add(String.format(
                    "%-8s %-12s %s", finding.state(), finding.check(), Table.printable(finding.finding())));
            if (!finding.advice().isEmpty()) {
                lines.add(" ".repeat(22) + "-> " + Table.printable(finding.advice()));
            }
        }
        return lines;
    }
}
