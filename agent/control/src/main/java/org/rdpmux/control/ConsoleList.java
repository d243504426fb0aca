// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.control;

import java.util.List;

/** All consoles the agent knows of, in the order of their names. */
public record ConsoleList(List<ConsoleReport> consoles) {
    public ConsoleList {
        consoles = List.copyOf(consoles);
    }
}
