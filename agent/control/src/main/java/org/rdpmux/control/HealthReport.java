// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.control;

import java.util.List;

/**
 * All is well with the agent.
 *
 * @param healthy what was looked at, for people
 */
public record HealthReport(List<String> healthy) {
    public HealthReport {
        healthy = List.copyOf(healthy);
    }
}
