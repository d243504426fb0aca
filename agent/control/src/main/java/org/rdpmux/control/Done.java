// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.control;

import java.util.List;

/**
 * A request was carried out.
 *
 * @param messages sentences for people on what was done and on what needs more
 */
public record Done(List<String> messages) {
    public Done {
        messages = List.copyOf(messages);
    }

    public static Done of(String... messages) {
        return new Done(List.of(messages));
    }
}
