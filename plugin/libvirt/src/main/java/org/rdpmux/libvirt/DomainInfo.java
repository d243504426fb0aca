// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.libvirt;

import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.UUID;

/**
 * What is known of a domain at one moment.
 *
 * @param uuid identifies the domain for as long as it is defined, whatever its name
 * @param name libvirt's name for it; a rename changes it
 * @param id libvirt's number for the current run, empty while the domain is off; libvirt uses numbers again
 * @param generation identifies the current run, or the last one while the domain is off: larger at each start the watcher
 *     sees, unique among all domains of a watcher; 0 if the watcher has not seen the domain run
 * @param persistent whether libvirt keeps the domain's definition when it stops
 * @param graphics its consoles in the order of its definition; never more than {@link Graphics#LIMIT}
 * @param metadata what its metadata says about its endpoint
 */
public record DomainInfo(
        UUID uuid,
        String name,
        OptionalInt id,
        DomainState state,
        long generation,
        boolean persistent,
        List<Graphics> graphics,
        DomainMetadata metadata) {

    public DomainInfo {
        Objects.requireNonNull(uuid);
        Objects.requireNonNull(name);
        Objects.requireNonNull(id);
        Objects.requireNonNull(state);
        Objects.requireNonNull(metadata);
        graphics = List.copyOf(graphics);
        if (id.isPresent() == (state == DomainState.OFF)) {
            throw new IllegalArgumentException("state " + state + " with " + (id.isPresent() ? "an id" : "no id"));
        }
        if (generation < 0) {
            throw new IllegalArgumentException("generation " + generation);
        }
    }

    /** Whether the domain has a process, and so a console; also true while it is paused. */
    public boolean active() {
        return id.isPresent();
    }
}
