// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.rdpmux.daemon.service.Service;
import org.rdpmux.proxmox.ProxmoxGuest;
import org.rdpmux.proxmox.ProxmoxWatcher;

/** Watches the guests of Proxmox VE, if it is on this host. Thread safe. */
final class ProxmoxService implements Service {

    private final AgentThread thread;
    private final Consumer<List<ProxmoxGuest>> guests;
    private final Optional<ProxmoxWatcher> watcher;

    /**
     * Watches nothing yet.
     *
     * @param directory where Proxmox keeps process numbers and sockets; empty to leave its guests alone
     * @param guests hears of all that run, whenever they are others, on the agent thread
     */
    ProxmoxService(Optional<Path> directory, AgentThread thread, Consumer<List<ProxmoxGuest>> guests) {
        this.thread = thread;
        this.guests = guests;
        this.watcher = directory.map(path -> new ProxmoxWatcher(path, this::tell));
    }

    private void tell(List<ProxmoxGuest> running) {
        thread.post(() -> guests.accept(running));
    }

    /** Where Proxmox is not, there are no guests of it; {@link #look} notices if it comes. */
    @Override
    public void start() {
        if (!look()) {
            tell(List.of());
        }
    }

    /** Begins to watch, if that can be done now. */
    boolean look() {
        return watcher.map(ProxmoxWatcher::begin).orElse(false);
    }

    /** As {@link ProxmoxWatcher#refresh}. */
    void refresh() {
        watcher.ifPresent(ProxmoxWatcher::refresh);
    }

    @Override
    public List<String> problems() {
        return watcher.map(ProxmoxWatcher::failure).filter(failure -> !failure.isEmpty()).stream()
                .toList();
    }

    @Override
    public void close() {
        watcher.ifPresent(ProxmoxWatcher::close);
    }
}
