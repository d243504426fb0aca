// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.librdpmux;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.freedesktop.dbus.connections.AbstractConnection;
import org.freedesktop.dbus.exceptions.DBusExecutionException;
import org.freedesktop.dbus.interfaces.DBus;
import org.freedesktop.dbus.types.UInt32;
import org.freedesktop.dbus.types.Variant;

/**
 * Who makes the calls that come by one connection to the bus, as the bus vouches for it. The bus is asked once for each
 * caller, since a unique name never comes to stand for another one. Safe for use by several threads.
 */
final class BusCallers {

    /** The D-Bus daemon's own limit on the connections of all users together is of this order. */
    private static final int MAX_KNOWN = 1024;

    private final DBus bus;
    private final Map<String, BusCaller> known = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, BusCaller> eldest) {
            return size() > MAX_KNOWN;
        }
    }; // guarded by itself

    BusCallers(DBus bus) {
        this.bus = bus;
    }

    /**
     * Who makes the call that the current thread answers; may ask the bus.
     *
     * @return empty if the caller has gone meanwhile, or the bus does not tell its process
     */
    Optional<BusCaller> current() {
        String name = AbstractConnection.getCallInfo().getSource();
        synchronized (known) {
            BusCaller caller = known.get(name);
            if (caller != null) {
                return Optional.of(caller);
            }
        }
        Optional<BusCaller> asked = ask(name);
        asked.ifPresent(caller -> {
            synchronized (known) {
                known.put(name, caller);
            }
        });
        return asked;
    }

    private Optional<BusCaller> ask(String name) {
        try {
            Map<String, Variant<?>> credentials = bus.GetConnectionCredentials(name);
            Variant<?> pid = credentials.get("ProcessID");
            Variant<?> uid = credentials.get("UnixUserID");
            if (pid == null || uid == null) {
                return Optional.empty();
            }
            return Optional.of(
                    new BusCaller(name, ((UInt32) pid.getValue()).intValue(), ((UInt32) uid.getValue()).longValue()));
        } catch (DBusExecutionException | ClassCastException e) {
            return Optional.empty();
        }
    }
}
