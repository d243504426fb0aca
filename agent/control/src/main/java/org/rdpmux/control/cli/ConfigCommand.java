// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.control.cli;

import java.io.IOException;
import java.util.List;
import org.rdpmux.control.ConfigurationReport;
import org.rdpmux.control.Request;
import picocli.CommandLine.Command;

/** {@code rdpmuxctl config}. */
@Command(
        name = "config",
        description = "Shows the configuration that is in effect: each key, its value, and where that stands.")
final class ConfigCommand extends Rdpmuxctl.Show {

    @Override
    public Integer call() throws IOException {
        return show(agent().ask(new Request.ShowConfiguration(), ConfigurationReport.class), ConfigCommand::text);
    }

    static List<String> text(ConfigurationReport report) {
        Table table = new Table("KEY", "VALUE", "SOURCE");
        report.settings().forEach(setting -> table.add(setting.key(), setting.value(), setting.source()));
        return table.lines();
    }
}
