// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.librdpmux.bus;

import org.freedesktop.dbus.annotations.DBusInterfaceName;
import org.freedesktop.dbus.annotations.DBusProperty;
import org.freedesktop.dbus.interfaces.DBusInterface;

/** A guest's control object as servers had it that spoke nanomsg: the port alone, sent as {@code q}. */
@DBusInterfaceName(ServerWorkerInterface.NAME)
@DBusProperty(name = RdpListenerInterface.PORT, type = Integer.class, access = DBusProperty.Access.READ)
public interface ServerWorkerInterface extends DBusInterface {

    String NAME = "org.RDPMux.ServerWorker";
    String PATH = "/org/RDPMux/ServerWorker";
}
