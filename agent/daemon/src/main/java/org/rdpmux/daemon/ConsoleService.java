// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon;

import java.util.ArrayList;
import java.util.List;
import org.rdpmux.daemon.access.AccessControl;
import org.rdpmux.daemon.config.AgentConfig;
import org.rdpmux.daemon.config.DomainChoice;
import org.rdpmux.daemon.config.Key;
import org.rdpmux.daemon.consoles.Domains;
import org.rdpmux.daemon.consoles.LibrdpmuxGuests;
import org.rdpmux.daemon.consoles.NamedConsoles;
import org.rdpmux.daemon.consoles.ProxmoxGuests;
import org.rdpmux.daemon.endpoint.EndpointManager;
import org.rdpmux.daemon.endpoint.KnownConsole;
import org.rdpmux.daemon.event.EventPublisher;
import org.rdpmux.daemon.service.Service;
import org.rdpmux.libvirt.DomainEvent;
import org.rdpmux.proxmox.ProxmoxGuest;

/** Serves every console that is known. Belongs to the agent thread, but for {@link #start}. */
final class ConsoleService implements Service {

    private final AgentThread thread;
    private final Sources sources;
    private final AccessControl access;
    private final EndpointManager endpoints;
    private final EventPublisher publisher;
    private DomainChoice choice;
    private boolean unmanaged;
    private boolean refreshPending;

    /**
     * Who tells of consoles.
     *
     * @param libvirt whether libvirt is asked for domains at all
     */
    record Sources(
            NamedConsoles named, Domains domains, LibrdpmuxGuests guests, ProxmoxGuests proxmox, boolean libvirt) {

        /** Whether every console there is is known. */
        boolean complete() {
            return (!libvirt || domains.listed()) && proxmox.listed();
        }
    }

    /** How consoles are served. */
    record Serving(AccessControl access, EndpointManager endpoints, EventPublisher publisher) {}

    ConsoleService(AgentThread thread, AgentConfig config, Sources sources, Serving serving) {
        this.thread = thread;
        this.sources = sources;
        this.access = serving.access();
        this.endpoints = serving.endpoints();
        this.publisher = serving.publisher();
        configure(config);
    }

    static EndpointManager.Listening listening(AgentConfig config, AccessControl access) {
        return new EndpointManager.Listening(
                config.get(Key.LISTEN_ADDRESS),
                config.get(Key.LISTEN_PORTS),
                config.get(Key.LISTEN_PINNED_PORTS),
                access::policy);
    }

    /** When this returns, the consoles that are known by now are served. */
    @Override
    public void start() {
        thread.call(() -> {
                    refresh();
                    return null;
                })
                .join();
    }

    @Override
    public List<String> reload(AgentConfig config) {
        configure(config);
        sources.named().configure(config.consoles());
        endpoints.listenAt(listening(config, access));
        refresh();
        return List.of();
    }

    private void configure(AgentConfig config) {
        choice = config.get(Key.LIBVIRT_DOMAINS);
        unmanaged = config.get(Key.LIBRDPMUX_UNMANAGED);
    }

    /** libvirt told of a domain. */
    void apply(DomainEvent event) {
        sources.domains().apply(event);
        if (event instanceof DomainEvent.Stopped) {
            // At once: a start that follows is another run, whose viewers begin anew.
            refresh();
        } else if (!refreshPending) {
            refreshPending = true;
            thread.post(this::refresh);
        }
    }

    /** These guests of Proxmox run now. */
    void apply(List<ProxmoxGuest> running) {
        sources.proxmox().apply(running);
        refresh();
    }

    /** Serves what is known now. */
    void refresh() {
        refreshPending = false;
        Domains domains = sources.domains();
        domains.assignGuests(choice);
        List<KnownConsole> known = new ArrayList<>(sources.named().consoles());
        known.addAll(domains.consoles(choice));
        known.addAll(sources.proxmox().consoles());
        if (unmanaged && (!sources.libvirt() || domains.answered())) {
            known.addAll(sources.guests().unmanaged());
        }
        List<KnownConsole> servable = access.decide(known);
        publisher.known(servable);
        endpoints.serve(servable, sources.complete());
        access.revokeTicketsExceptFor(endpoints.served());
    }

    EndpointManager endpoints() {
        return endpoints;
    }

    NamedConsoles named() {
        return sources.named();
    }
}
