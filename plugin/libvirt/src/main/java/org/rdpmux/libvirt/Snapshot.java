// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.libvirt;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;

/**
 * What one look at a domain shows: all of {@link DomainInfo} but the generation, which only a {@link DomainTable} knows.
 *
 * @param stopReason why it is off, if it is and libvirt remembers
 */
record Snapshot(
        UUID uuid,
        String name,
        OptionalInt id,
        DomainState state,
        Optional<StopReason> stopReason,
        boolean persistent,
        List<Graphics> graphics,
        DomainMetadata metadata) {

    Snapshot {
        Objects.requireNonNull(uuid);
        Objects.requireNonNull(name);
        Objects.requireNonNull(metadata);
        graphics = List.copyOf(graphics);
        // The parts come from several calls, between which the domain may have started or stopped. It counts as active
        // if all of them say so; the event that is on its way, or the next check of the list, has it looked at again.
        if (id.isEmpty() || state == DomainState.OFF) {
            id = OptionalInt.empty();
            state = DomainState.OFF;
        }
        stopReason = id.isEmpty() ? stopReason : Optional.empty();
    }

    DomainInfo asOf(long generation) {
        return new DomainInfo(uuid, name, id, state, generation, persistent, graphics, metadata);
    }
}
