// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.control;

import java.util.List;

/**
 * The configuration that is in effect, in the order of the sample file; consoles come last.
 *
 * @param file it was read from; empty if there is none
 */
public record ConfigurationReport(String file, List<Setting> settings) {
    public ConfigurationReport {
        settings = List.copyOf(settings);
    }

    /**
     * The value of a key.
     *
     * @param value as the file would have it; may be empty
     * @param source where it stands: {@code default}, {@code FILE:LINE}, or {@code --set} for the command line
     * @param live whether a reload puts a change into effect; others need a restart
     */
    public record Setting(String key, String value, String source, boolean live) {}
}
