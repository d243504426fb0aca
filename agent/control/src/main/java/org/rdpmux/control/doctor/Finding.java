// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.control.doctor;

import java.util.List;

/**
 * What one check found.
 *
 * @param check its name, one word
 * @param state {@code ok}; {@code problem}; or {@code unknown}, if this host does not let it be seen
 * @param finding what is so, without a full stop
 * @param advice what to do about a problem, a command where there is one; otherwise empty
 */
public record Finding(String check, String state, String finding, String advice) {

    static final String OK = "ok";
    static final String PROBLEM = "problem";
    static final String UNKNOWN = "unknown";

    static List<Finding> ok(String check, String finding) {
        return List.of(new Finding(check, OK, finding, ""));
    }

    static List<Finding> problem(String check, String finding, String advice) {
        return List.of(new Finding(check, PROBLEM, finding, advice));
    }

    static List<Finding> unknown(String check, String finding) {
        return List.of(new Finding(check, UNKNOWN, finding, ""));
    }

    /** Whether something is to be done. */
    public boolean isProblem() {
        return state.equals(PROBLEM);
    }
}
