// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon.consoles;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.rdpmux.daemon.endpoint.ConsoleId;
import org.rdpmux.daemon.endpoint.DisplayOffer;
import org.rdpmux.daemon.endpoint.KnownConsole;
import org.rdpmux.display.DisplayAddress;
import org.rdpmux.display.DisplaySource;
import org.rdpmux.proxmox.ProxmoxGuest;
import org.rdpmux.proxmox.QmpDisplay;

/** The guests of Proxmox VE as consoles. Belongs to the agent thread. */
public final class ProxmoxGuests {

    private static final String VNC = "vnc";
    private static final String QEMU_DBUS = "qemu-dbus";

    private final Displays displays;
    private final MonitorOpener opener;
    private List<ProxmoxGuest> guests = List.of();
    private boolean listed;

    /** Opens a display of a QEMU. */
    @FunctionalInterface
    public interface MonitorOpener {
        /**
         * May block for a bounded time.
         *
         * @param monitor QEMU's
         * @param protocol which display
         * @return the descriptor of a connected socket that does not block, the caller's to close
         * @throws IOException with a sentence for people
         */
        int open(Path monitor, QmpDisplay.Protocol protocol) throws IOException;
    }

    /** No guests yet. */
    public ProxmoxGuests(Displays displays, MonitorOpener opener) {
        this.displays = displays;
        this.opener = opener;
    }

    /** These run now, and no others. */
    public void apply(List<ProxmoxGuest> running) {
        guests = List.copyOf(running);
        listed = true;
    }

    /** Whether all guests there are were heard of once. */
    public boolean listed() {
        return listed;
    }

    /** All guests that run. */
    public List<KnownConsole> consoles() {
        return guests.stream().map(this::console).toList();
    }

    private KnownConsole console(ProxmoxGuest guest) {
        return new KnownConsole(
                new ConsoleId.OfVm(guest.vmid()),
                guest.name(),
                KnownConsole.Origin.PROXMOX,
                guest.process().isPresent() ? "running" : "",
                OptionalInt.empty(),
                guest.process().filter(qemu -> qemu.vnc() || qemu.dbus()).map(qemu -> offer(guest, qemu)),
                note(guest));
    }

    private static String note(ProxmoxGuest guest) {
        return guest.process()
                .map(qemu ->
                        qemu.vnc() || qemu.dbus() ? "" : "no VNC display; give it a graphic card and start it anew")
                .orElse(
                        "the agent may not open it; give it rdpmux's hookscript and start it anew, or give the agent the"
                                + " rights to open all");
    }

    private DisplayOffer offer(ProxmoxGuest guest, ProxmoxGuest.Qemu qemu) {
        Path monitor = guest.monitor();
        QmpDisplay.Protocol protocol = qemu.dbus() ? QmpDisplay.Protocol.DBUS : QmpDisplay.Protocol.VNC;
        DisplayAddress address =
                new DisplayAddress.Opened("display of VM " + guest.vmid(), () -> opener.open(monitor, protocol));
        if (qemu.dbus()) {
            return new DisplayOffer(
                    "dbus:" + qemu.run(), "D-Bus display", displays.opening(new DisplaySource(QEMU_DBUS, address)));
        }
        Optional<String> keymap = qemu.keymap();
        return new DisplayOffer(
                "vnc:" + qemu.run(),
                "VNC display",
                displays.opening(new DisplaySource(VNC, address).withKeymap(keymap)));
    }
}
