// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon.config;

import java.util.List;

/** Everything that is wrong with a configuration, at once. */
public final class ConfigurationException extends Exception {

    private static final long serialVersionUID = 1;

    /** An array, as an exception's fields are to be serializable. */
    private final String[] problems;

    /** @param problems one sentence each that begins with file and line */
    public ConfigurationException(List<String> problems) {
        super(String.join("; ", problems));
        this.problems = problems.toArray(String[]::new);
    }

    public List<String> problems() {
        return List.of(problems);
    }
}
