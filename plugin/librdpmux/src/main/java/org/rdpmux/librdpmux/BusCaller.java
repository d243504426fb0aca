// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.librdpmux;

import java.util.Map;
import java.util.Optional;
import org.freedesktop.dbus.connections.AbstractConnection;
import org.freedesktop.dbus.exceptions.DBusExecutionException;
import org.freedesktop.dbus.interfaces.DBus;
import org.freedesktop.dbus.types.UInt32;
import org.freedesktop.dbus.types.Variant;

/**
 * Who makes the D-Bus call that the current thread answers, as the bus vouches for it.
 *
 * @param name its unique name on the bus
 */
record BusCaller(String name, int pid, long uid) {

    /**
     * Asks the bus.
     *
     * @return empty if the caller has gone meanwhile, or the bus does not tell its process
     */
    static Optional<BusCaller> current(DBus bus) {
        String name = AbstractConnection.getCallInfo().getSource();
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
