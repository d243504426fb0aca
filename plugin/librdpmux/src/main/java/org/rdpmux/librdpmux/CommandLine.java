// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.librdpmux;

import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** What a hypervisor's command line tells. */
final class CommandLine {

    private CommandLine() {}

    /** The virtual machine's UUID after {@code -uuid}; empty if there is none or it is all zero. */
    static Optional<UUID> uuid(List<String> arguments) {
        int option = arguments.indexOf("-uuid");
        if (option < 0 || option + 1 == arguments.size()) {
            return Optional.empty();
        }
        try {
            return Optional.of(UUID.fromString(arguments.get(option + 1)))
                    .filter(uuid -> !uuid.toString().equals(GuestClaim.NIL_UUID));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
