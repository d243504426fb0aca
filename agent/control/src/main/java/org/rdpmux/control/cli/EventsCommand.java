// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.control.cli;

import java.io.IOException;
import java.io.PrintWriter;
import org.rdpmux.control.ControlApi;
import org.rdpmux.control.EventReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code rdpmuxctl events}. */
@Command(
        name = "events",
        description = {
            "Prints what happens, one line for each event, until it is interrupted or the agent ends:",
            "consoles, endpoints, viewers, log-ins, problems."
        })
final class EventsCommand extends Rdpmuxctl.Base {

    @Option(names = "--json", description = "As JSON, an object on each line, for scripts.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        agent().watch(event -> {
            out.println(json ? ControlApi.toJson(event) : text(event));
            return !out.checkError(); // as when 'head' has seen enough
        });
        return 0;
    }

    static String text(EventReport event) {
        String console = event.console().isEmpty() ? "" : event.console() + ": ";
        return Table.printable(
                event.time() + "  " + String.format("%-22s", event.event()) + "  " + console + event.detail());
    }
}
