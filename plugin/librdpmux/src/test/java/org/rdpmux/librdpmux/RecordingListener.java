// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.librdpmux;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Remembers which guests there are. */
final class RecordingListener implements GuestListener {

    final Map<String, GuestRegistration> guests = new ConcurrentHashMap<>();
    final List<String> gone = new CopyOnWriteArrayList<>();
    volatile GuestControl control = GuestControl.NONE;
    /** Processes that run the machine they say. */
    final Set<ProcessIdentity> proven = ConcurrentHashMap.newKeySet();

    @Override
    public GuestControl registered(GuestRegistration guest) {
        guests.put(guest.key(), guest);
        return control;
    }

    @Override
    public void gone(GuestRegistration guest) {
        guests.remove(guest.key(), guest);
        gone.add(guest.key());
    }

    @Override
    public boolean provablyRuns(ProcessIdentity process, UUID machine) {
        return proven.contains(process);
    }

    GuestRegistration await(String key) {
        Wait.until("guest " + key + " registered", () -> guests.containsKey(key));
        return guests.get(key);
    }
}
