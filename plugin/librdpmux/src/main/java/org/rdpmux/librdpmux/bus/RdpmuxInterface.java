// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.librdpmux.bus;

import java.util.List;
import org.freedesktop.dbus.TypeRef;
import org.freedesktop.dbus.annotations.DBusInterfaceName;
import org.freedesktop.dbus.annotations.DBusProperty;
import org.freedesktop.dbus.interfaces.DBusInterface;
import org.freedesktop.dbus.types.UInt16;

/**
 * Where guests register. Each protocol version calls {@code Register} with a signature of its own. The reply is the
 * address of the socket to connect to; an empty one refuses, which is what guests understand.
 *
 * <p>The property {@code SupportedProtocolVersions} lists versions; guests look at the first one alone, and give up if it
 * is not theirs.
 */
@DBusInterfaceName(RdpmuxInterface.NAME)
@DBusProperty(name = RdpmuxInterface.VERSIONS, type = RdpmuxInterface.Versions.class, access = DBusProperty.Access.READ)
@SuppressWarnings("checkstyle:MethodName")
public interface RdpmuxInterface extends DBusInterface {

    /** The interface's name and the bus name. */
    String NAME = "org.RDPMux.RDPMux";

    String VERSIONS = "SupportedProtocolVersions";

    /** The type of {@link #VERSIONS}. */
    interface Versions extends TypeRef<List<Integer>> {}

    /** Version 1. */
    String Register(int id, int version);

    /** Versions 2 and 3. */
    String Register(int id, int version, String uuid);

    /** Version 4; port 0 leaves the choice to the server. */
    String Register(int id, int version, String uuid, UInt16 port);

    /** Late version 4 and version 5; an empty file asks for no authentication. */
    String Register(int id, int version, String uuid, UInt16 port, String authFile);
}
