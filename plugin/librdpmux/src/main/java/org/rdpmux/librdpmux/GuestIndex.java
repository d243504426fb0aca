// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.librdpmux;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** The guests by what must be theirs alone. Confined to the registry's thread, but for {@link #hasId}. */
final class GuestIndex {

    private final Map<String, Guest> byKey = new HashMap<>();
    private final Map<Integer, Guest> byId = new ConcurrentHashMap<>();
    private final Map<UUID, Guest> byUuid = new HashMap<>();
    private final Map<Integer, Integer> countByProcess = new HashMap<>();

    /** Takes a guest in, in whose place there is no other. */
    void add(Guest guest) {
        byKey.put(guest.key(), guest);
        byId.put(guest.id(), guest);
        guest.uuid().ifPresent(uuid -> byUuid.put(uuid, guest));
        countByProcess.merge(guest.process().pid(), 1, Integer::sum);
    }

    /** False if it was not there. */
    boolean remove(Guest guest) {
        if (!byKey.remove(guest.key(), guest)) {
            return false;
        }
        byId.remove(guest.id(), guest);
        guest.uuid().ifPresent(uuid -> byUuid.remove(uuid, guest));
        countByProcess.computeIfPresent(guest.process().pid(), (pid, count) -> count == 1 ? null : count - 1);
        return true;
    }

    boolean contains(Guest guest) {
        return byKey.get(guest.key()) == guest;
    }

    /** Null if there is none; likewise below. */
    Guest byKey(String key) {
        return byKey.get(key);
    }

    Guest byId(int id) {
        return byId.get(id);
    }

    Guest byUuid(UUID uuid) {
        return byUuid.get(uuid);
    }

    /** Whether a guest has this number; from any thread. */
    boolean hasId(int id) {
        return byId.containsKey(id);
    }

    /** How many guests this process has. */
    int ofProcess(int pid) {
        return countByProcess.getOrDefault(pid, 0);
    }

    List<Guest> all() {
        return List.copyOf(byKey.values());
    }

    int size() {
        return byKey.size();
    }
}
