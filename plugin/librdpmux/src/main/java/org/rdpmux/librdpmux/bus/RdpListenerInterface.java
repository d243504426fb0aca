// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.librdpmux.bus;

import org.freedesktop.dbus.annotations.DBusInterfaceName;
import org.freedesktop.dbus.annotations.DBusMemberName;
import org.freedesktop.dbus.annotations.DBusProperty;
import org.freedesktop.dbus.interfaces.DBusInterface;

/**
 * A guest's control object, under {@value #PATH} by its UUID without hyphens.
 *
 * <p>The original server declares the two numbers as {@code i} but sends {@code Port} as {@code q} and {@code
 * NumConnectedPeers} as {@code u}. Tools were written against what it sends, so the same is declared and sent here.
 */
@DBusInterfaceName(RdpListenerInterface.NAME)
@DBusProperty(name = RdpListenerInterface.PORT, type = Integer.class, access = DBusProperty.Access.READ)
@DBusProperty(name = RdpListenerInterface.PEERS, type = Integer.class, access = DBusProperty.Access.READ)
@DBusProperty(name = RdpListenerInterface.AUTHENTICATION, type = Boolean.class, access = DBusProperty.Access.READ)
public interface RdpListenerInterface extends DBusInterface {

    String NAME = "org.RDPMux.RDPListener";
    String PATH = "/org/RDPMux/RDPListener";
    String PORT = "Port";
    String PEERS = "NumConnectedPeers";
    String AUTHENTICATION = "RequiresAuthentication";

    @DBusMemberName("SetCredentialFile")
    void setCredentialFile(String path);

    @DBusMemberName("SetAuthentication")
    void setAuthentication(boolean required);

    @DBusMemberName("Shutdown")
    void shutdown();
}
