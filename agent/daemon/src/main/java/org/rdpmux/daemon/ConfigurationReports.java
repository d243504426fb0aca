// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.rdpmux.control.ConfigurationReport;
import org.rdpmux.daemon.config.AgentConfig;
import org.rdpmux.daemon.config.Key;

/** The configuration as the control API reports it. */
final class ConfigurationReports {

    private ConfigurationReports() {}

    static ConfigurationReport report(AgentConfig config) {
        Map<String, AgentConfig.Setting> rest = new HashMap<>(config.settings());
        List<ConfigurationReport.Setting> settings = new ArrayList<>();
        for (Key<?> key : Key.ALL) {
            AgentConfig.Setting set = rest.remove(key.name());
            settings.add(
                    set == null
                            ? new ConfigurationReport.Setting(key.name(), key.defaultText(), "default", key.live())
                            : new ConfigurationReport.Setting(key.name(), set.value(), set.place(), key.live()));
        }
        // What is left are consoles.
        new TreeMap<>(rest)
                .forEach((key, set) ->
                        settings.add(new ConfigurationReport.Setting(key, set.value(), set.place(), true)));
        return new ConfigurationReport(config.file().map(Object::toString).orElse(""), settings);
    }
}
