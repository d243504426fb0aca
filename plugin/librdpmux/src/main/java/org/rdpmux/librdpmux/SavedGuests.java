// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.librdpmux;

import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Guests as they are on disk. A guest registers once and never again, so what a full disk refuses is tried until it is
 * there. Confined to the registry's thread, but for {@link #noteChange}.
 */
final class SavedGuests {

    private static final Logger LOG = LoggerFactory.getLogger(SavedGuests.class);

    private final RegistrationStore store;
    private final BoundedLog log;
    private final Set<Guest> changed = ConcurrentHashMap.newKeySet();
    private final Set<Guest> unsaved = new LinkedHashSet<>();

    /** @param log takes what guests can cause */
    SavedGuests(RegistrationStore store, BoundedLog log) {
        this.store = store;
        this.log = log;
    }

    /** Whether that is news, and the guest is to be saved; from any thread. */
    boolean noteChange(Guest guest) {
        return changed.add(guest);
    }

    void save(Guest guest) {
        changed.remove(guest);
        try {
            store.save(guest.record());
            if (unsaved.remove(guest) && unsaved.isEmpty()) {
                LOG.info("All guests are on disk again");
            }
        } catch (IOException e) {
            if (unsaved.isEmpty()) {
                log.warn("{}: a restart of this service will not know it; it is tried again: {}", guest, e.toString());
            }
            unsaved.add(guest);
        }
    }

    /** Saves what changed and was not saved yet. */
    void saveChanged() {
        changed.forEach(this::save);
    }

    /** Tries what the disk refused, up to the first that it refuses again. */
    void saveUnsaved() {
        for (Guest guest : List.copyOf(unsaved)) {
            save(guest);
            if (unsaved.contains(guest)) {
                return;
            }
        }
    }

    /** Saves the guest as it would be with this access; if that fails, nothing is changed. */
    void save(Guest guest, GuestAccess access) throws IOException {
        store.save(guest.record().with(access));
    }

    void delete(Guest guest) {
        ignoreChange(guest);
        unsaved.remove(guest);
        store.delete(guest.record());
    }

    /** The guest is not registered, so that nothing of it is to be saved. */
    void ignoreChange(Guest guest) {
        changed.remove(guest);
    }
}
