// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.librdpmux;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongPredicate;
import org.freedesktop.dbus.connections.AbstractConnection;
import org.freedesktop.dbus.errors.AccessDenied;
import org.freedesktop.dbus.errors.PropertyReadOnly;
import org.freedesktop.dbus.errors.UnknownObject;
import org.freedesktop.dbus.errors.UnknownProperty;
import org.freedesktop.dbus.interfaces.DBus;
import org.freedesktop.dbus.interfaces.DBusInterface;
import org.freedesktop.dbus.interfaces.Properties;
import org.freedesktop.dbus.types.UInt16;
import org.freedesktop.dbus.types.UInt32;
import org.freedesktop.dbus.types.Variant;
import org.rdpmux.librdpmux.bus.RdpListenerInterface;
import org.rdpmux.librdpmux.bus.ServerWorkerInterface;

/**
 * The guests' control objects. One object answers for all paths below a prefix, so that ten thousand guests cost nothing
 * here; the last element of the path says which guest is meant. Called from several D-Bus threads.
 */
final class ControlObjects {

    private ControlObjects() {}

    /** What both kinds of object share: finding the guest, and its properties. */
    private abstract static class Prefix implements DBusInterface, Properties {
        private final String path;
        private final String interfaceName;
        private final GuestRegistry registry;

        Prefix(String path, String interfaceName, GuestRegistry registry) {
            this.path = path;
            this.interfaceName = interfaceName;
            this.registry = registry;
        }

        @Override
        public String getObjectPath() {
            return path;
        }

        /** The guest the current call is about. */
        GuestControl guest() {
            String called = AbstractConnection.getCallInfo().getObjectPath();
            Optional<GuestControl> control = called.startsWith(path + "/")
                    ? registry.control(called.substring(path.length() + 1))
                    : Optional.empty();
            return control.orElseThrow(() -> new UnknownObject("there is no guest " + called));
        }

        abstract Map<String, Variant<?>> properties(GuestControl guest);

        @Override
        @SuppressWarnings("unchecked") // the interface lets the caller choose the type; the bus carries a variant
        public <A> A Get(String ofInterface, String property) {
            Variant<?> value = GetAll(ofInterface).get(property);
            if (value == null) {
                throw new UnknownProperty(property + " is not a property of this object");
            }
            return (A) value;
        }

        @Override
        public <A> void Set(String ofInterface, String property, A value) {
            throw new PropertyReadOnly(property + " cannot be set");
        }

        @Override
        public Map<String, Variant<?>> GetAll(String ofInterface) {
            GuestControl guest = guest();
            return ofInterface.isEmpty() || ofInterface.equals(interfaceName) ? properties(guest) : Map.of();
        }
    }

    /** {@code org.RDPMux.RDPListener}; changes are for those callers alone whose user {@code mayControl}. */
    static final class Listeners extends Prefix implements RdpListenerInterface {
        private final DBus bus;
        private final LongPredicate mayControl;

        Listeners(GuestRegistry registry, DBus bus, LongPredicate mayControl) {
            super(RdpListenerInterface.PATH, RdpListenerInterface.NAME, registry);
            this.bus = bus;
            this.mayControl = mayControl;
        }

        @Override
        public void setCredentialFile(String file) {
            controlled().setCredentialFile(file);
        }

        @Override
        public void setAuthentication(boolean required) {
            controlled().setAuthentication(required);
        }

        @Override
        public void shutdown() {
            controlled().shutdown();
        }

        private GuestControl controlled() {
            if (BusCaller.current(bus)
                    .filter(caller -> mayControl.test(caller.uid()))
                    .isEmpty()) {
                throw new AccessDenied("only the administrator controls guests");
            }
            return guest();
        }

        @Override
        Map<String, Variant<?>> properties(GuestControl guest) {
            Map<String, Variant<?>> properties = new HashMap<>();
            properties.put(PORT, port(guest));
            properties.put(PEERS, new Variant<>(new UInt32(guest.connectedPeers())));
            properties.put(AUTHENTICATION, new Variant<>(guest.requiresAuthentication()));
            return properties;
        }
    }

    /** {@code org.RDPMux.ServerWorker}. */
    static final class Workers extends Prefix implements ServerWorkerInterface {
        Workers(GuestRegistry registry) {
            super(ServerWorkerInterface.PATH, ServerWorkerInterface.NAME, registry);
        }

        @Override
        Map<String, Variant<?>> properties(GuestControl guest) {
            return Map.of(RdpListenerInterface.PORT, port(guest));
        }
    }

    private static Variant<?> port(GuestControl guest) {
        return new Variant<>(new UInt16(guest.port()));
    }
}
