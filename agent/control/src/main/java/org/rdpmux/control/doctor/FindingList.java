// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.control.doctor;

import java.util.List;

/** What all checks found, in their order. */
public record FindingList(List<Finding> findings) {
    public FindingList {
        findings = List.copyOf(findings);
    }
}
