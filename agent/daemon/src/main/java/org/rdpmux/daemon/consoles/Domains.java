// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon.consoles;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.rdpmux.daemon.config.DomainChoice;
import org.rdpmux.daemon.endpoint.AccessTerms;
import org.rdpmux.daemon.endpoint.ConsoleId;
import org.rdpmux.daemon.endpoint.DisplayOffer;
import org.rdpmux.daemon.endpoint.KnownConsole;
import org.rdpmux.display.DisplayAddress;
import org.rdpmux.display.DisplaySource;
import org.rdpmux.libvirt.DomainEvent;
import org.rdpmux.libvirt.DomainInfo;
import org.rdpmux.libvirt.DomainMetadata;
import org.rdpmux.libvirt.DomainState;
import org.rdpmux.libvirt.Graphics;
import org.rdpmux.security.access.Authentication;

/** libvirt's domains as consoles. Belongs to the agent thread. */
public final class Domains {

    private static final String VNC = "vnc";
    private static final String DBUS = "dbus";
    private static final String QEMU_DBUS = "qemu-dbus";

    private final Displays displays;
    private final GraphicsOpener opener;
    private final LibrdpmuxGuests guests;
    private final Map<UUID, DomainInfo> domains = new HashMap<>();
    private boolean listed;
    private boolean answered;

    /** Opens a domain's display. */
    @FunctionalInterface
    public interface GraphicsOpener {
        /**
         * May block for a bounded time.
         *
         * @param index among the domain's graphics elements
         * @return the descriptor of a connected socket, the caller's to close
         * @throws IOException with a sentence for people
         */
        int open(UUID domain, int index) throws IOException;
    }

    /**
     * No domains yet.
     *
     * @param guests that registered, as some domains do
     */
    public Domains(Displays displays, GraphicsOpener opener, LibrdpmuxGuests guests) {
        this.displays = displays;
        this.opener = opener;
        this.guests = guests;
    }

    /** Takes note of what happened. */
    public void apply(DomainEvent event) {
        if (event instanceof DomainEvent.Undefined undefined) {
            domains.remove(undefined.domain().uuid());
            guests.forget(undefined.domain().uuid());
        } else if (event instanceof DomainEvent.OfDomain ofDomain) {
            domains.put(ofDomain.domain().uuid(), ofDomain.domain());
        } else if (event instanceof DomainEvent.Listed) {
            listed = true;
            answered = true;
        } else if (event instanceof DomainEvent.Disconnected) {
            answered = true;
        }
    }

    /** Whether libvirt told what it knows, or does not answer: who is unknown until then may be a domain yet. */
    public boolean answered() {
        return answered;
    }

    /** Whether all domains there are were heard of once. */
    public boolean listed() {
        return listed;
    }

    public int count() {
        return domains.size();
    }

    /** Decides which console each guest that registered belongs to. To be called before {@link #consoles}. */
    public void assignGuests(DomainChoice choice) {
        guests.assign(
                domains.values().stream()
                        .filter(domain -> isShown(domain, choice))
                        .toList(),
                domains::containsKey);
    }

    /** All domains, in no order. */
    public List<KnownConsole> consoles(DomainChoice choice) {
        List<KnownConsole> consoles = new ArrayList<>();
        domains.values().forEach(domain -> consoles.add(console(domain, choice)));
        return consoles;
    }

    private KnownConsole console(DomainInfo domain, DomainChoice choice) {
        DomainMetadata metadata = domain.metadata();
        boolean shown = isShown(domain, choice);
        LibrdpmuxGuests.Shown guest = shown ? guests.shown(domain) : LibrdpmuxGuests.Shown.NOT;
        Optional<DisplayOffer> offer =
                guest.offer().or(() -> shown && !guest.shut() ? dbus(domain).or(() -> vnc(domain)) : Optional.empty());
        return new KnownConsole(
                new ConsoleId.OfDomain(domain.uuid()),
                domain.name(),
                KnownConsole.Origin.LIBVIRT,
                state(domain.state()),
                metadata.port(),
                guest.wishes(),
                new AccessTerms(
                        metadata.policy().map(Authentication::parse),
                        vncGraphics(domain).map(Graphics::index)),
                offer,
                guest.shut() ? LibrdpmuxGuests.SHUT : note(domain, isEnabled(domain, choice), offer.isPresent()));
    }

    private static boolean isShown(DomainInfo domain, DomainChoice choice) {
        return domain.active() && isEnabled(domain, choice);
    }

    private static boolean isEnabled(DomainInfo domain, DomainChoice choice) {
        DomainMetadata metadata = domain.metadata();
        boolean marked = metadata.enabled().orElse(metadata.port().isPresent());
        return metadata.enabled().orElse(true) && (choice == DomainChoice.ALL || marked);
    }

    private static String note(DomainInfo domain, boolean enabled, boolean offered) {
        DomainMetadata metadata = domain.metadata();
        if (!metadata.problems().isEmpty()) {
            return "its metadata: " + String.join("; ", metadata.problems());
        }
        if (!enabled) {
            return metadata.enabled().isPresent()
                    ? "switched off in its metadata"
                    : "not marked in its metadata, as libvirt.domains = marked asks";
        }
        return domain.active() && !offered
                ? "no VNC or D-Bus display; add <graphics type='vnc'/> to its XML and start it anew"
                : "";
    }

    private Optional<DisplayOffer> vnc(DomainInfo domain) {
        return vncGraphics(domain).map(graphics -> {
            DisplaySource source = new DisplaySource(VNC, address(domain, graphics)).withKeymap(graphics.keymap());
            return new DisplayOffer(identity(VNC, domain, graphics), "VNC display", displays.opening(source));
        });
    }

    /** Chosen where there are both: it carries all buttons and wheels, and costs fewer copies of the pixels. */
    private Optional<DisplayOffer> dbus(DomainInfo domain) {
        return domain.graphics().stream()
                .filter(graphics -> graphics.type().equals(DBUS) && graphics.peerToPeer())
                .findFirst()
                .map(graphics -> new DisplayOffer(
                        identity(DBUS, domain, graphics),
                        "D-Bus display",
                        displays.opening(new DisplaySource(QEMU_DBUS, address(domain, graphics)))));
    }

    private DisplayAddress address(DomainInfo domain, Graphics graphics) {
        UUID uuid = domain.uuid();
        int index = graphics.index();
        return new DisplayAddress.Opened("display " + index + " of domain " + uuid, () -> opener.open(uuid, index));
    }

    private static String identity(String type, DomainInfo domain, Graphics graphics) {
        return type + ":" + domain.generation() + ":" + graphics.index();
    }

    private static Optional<Graphics> vncGraphics(DomainInfo domain) {
        return domain.graphics().stream()
                .filter(graphics -> graphics.type().equals(VNC))
                .findFirst();
    }

    private static String state(DomainState state) {
        return switch (state) {
            case RUNNING -> "running";
            case PAUSED -> "paused";
            case SHUTTING_DOWN -> "shutting down";
            case PM_SUSPENDED -> "suspended";
            case CRASHED -> "crashed";
            case OFF -> "shut off";
        };
    }
}
