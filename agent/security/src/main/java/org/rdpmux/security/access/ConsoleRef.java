// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.security.access;

import java.util.Objects;

/**
 * Which console somebody wants to see.
 *
 * @param id stays the same for as long as the guest exists, such as its UUID; what tickets are bound to
 * @param name what people call it; may change
 */
public record ConsoleRef(String id, String name) {

    public ConsoleRef {
        Objects.requireNonNull(id);
        Objects.requireNonNull(name);
    }
}
