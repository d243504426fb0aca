// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.it;

import java.util.LinkedHashMap;
import java.util.Map;

/** A host as people have it: a libvirtd, the agent that watches it, and viewers of its guests. */
final class Host {

    private final Programs programs;
    private final Libvirtd libvirt;
    private final Agent agent;

    /** An agent that lets anybody in. */
    Host(Programs programs) {
        this(programs, Map.of());
    }

    /**
     * Starts both.
     *
     * @param settings of the agent, where they differ from {@link Agent}'s own
     */
    Host(Programs programs, Map<String, String> settings) {
        this.programs = programs;
        libvirt = new Libvirtd(programs);
        Map<String, String> all = new LinkedHashMap<>(settings);
        all.put("libvirt.uri", libvirt.uri());
        agent = new Agent(programs, all).start();
    }

    Libvirtd libvirt() {
        return libvirt;
    }

    Agent agent() {
        return agent;
    }

    /** Starts a domain with the boot sector guest and waits until that is up. */
    KeysGuest keys(String name) {
        return new KeysGuest(libvirt, name);
    }

    /** A client that lets the guest be seen, once it does. */
    Viewer viewer(SerialGuest guest, Clients client) {
        Viewer viewer = new Viewer(programs, client, agent.awaitPort(guest.name()));
        viewer.awaitShows(guest::screenshot);
        return viewer;
    }
}
