// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.libvirt;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * What happened to domains since somebody asked; one entry a domain, however often it happens, so that a storm of events
 * takes no more room than there are domains. Thread safe.
 */
final class Happenings {
    private final Map<UUID, Optional<StopReason>> happened = new LinkedHashMap<>();

    /**
     * Something happened to a domain.
     *
     * @param stopReason there if it stopped; counts more than what else happened
     * @return whether this is the first since somebody asked
     */
    synchronized boolean note(UUID uuid, Optional<StopReason> stopReason) {
        boolean first = happened.isEmpty();
        if (stopReason.isPresent() || !happened.containsKey(uuid)) {
            happened.put(uuid, stopReason);
        }
        return first;
    }

    /** All of it, in the order in which it began. */
    synchronized Map<UUID, Optional<StopReason>> take() {
        Map<UUID, Optional<StopReason>> taken = new LinkedHashMap<>(happened);
        happened.clear();
        return taken;
    }
}
