// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.librdpmux;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongPredicate;
import org.freedesktop.dbus.connections.AbstractConnection;
import org.freedesktop.dbus.errors.AccessDenied;
import org.freedesktop.dbus.errors.PropertyReadOnly;
import org.freedesktop.dbus.errors.UnknownObject;
import org.freedesktop.dbus.errors.UnknownProperty;
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

    /** Enough for a tool that looks at all guests of a host every few seconds. */
    private static final int CALLS_AT_ONCE = 10_000;

    private static final int CALLS_A_SECOND = 500;

    private ControlObjects() {}

    /** What both kinds of object share: finding the guest, and its properties. */
    private static final class Shared {
        private final String path;
        private final String interfaceName;
        private final GuestRegistry registry;
        private final BusCallers callers;
        private final Function<GuestControl, Map<String, Variant<?>>> properties;
        private final CallBudget budget = new CallBudget(CALLS_AT_ONCE, CALLS_A_SECOND);

        Shared(
                String path,
                String interfaceName,
                GuestRegistry registry,
                BusCallers callers,
                Function<GuestControl, Map<String, Variant<?>>> properties) {
            this.path = path;
            this.interfaceName = interfaceName;
            this.registry = registry;
            this.callers = callers;
            this.properties = properties;
        }

        /** The guest the current call is about. */
        GuestControl guest() {
            BusCaller caller = callers.current().orElseThrow(() -> new AccessDenied("the bus does not tell who calls"));
            if (!budget.take(caller.pid(), System.nanoTime())) {
                throw new AccessDenied("too many calls");
            }
            String called = AbstractConnection.getCallInfo().getObjectPath();
            Optional<GuestControl> control = called.startsWith(path + "/")
                    ? registry.control(called.substring(path.length() + 1))
                    : Optional.empty();
            return control.orElseThrow(() -> new UnknownObject("there is no guest " + called));
        }

        Map<String, Variant<?>> all(String ofInterface) {
            GuestControl guest = guest();
            return ofInterface.isEmpty() || ofInterface.equals(interfaceName) ? properties.apply(guest) : Map.of();
        }

        @SuppressWarnings("unchecked") // the interface lets the caller choose the type; the bus carries a variant
        <A> A one(String ofInterface, String property) {
            Variant<?> value = all(ofInterface).get(property);
            if (value == null) {
                throw new UnknownProperty(property + " is not a property of this object");
            }
            return (A) value;
        }
    }

    /** {@code org.RDPMux.RDPListener}; changes are for those callers alone whose user {@code mayControl}. */
    static final class Listeners implements RdpListenerInterface, Properties {
        private final Shared shared;
        private final BusCallers callers;
        private final LongPredicate mayControl;

        Listeners(GuestRegistry registry, BusCallers callers, LongPredicate mayControl) {
            this.shared = new Shared(PATH, NAME, registry, callers, Listeners::properties);
            this.callers = callers;
            this.mayControl = mayControl;
        }

        private static Map<String, Variant<?>> properties(GuestControl guest) {
            Map<String, Variant<?>> properties = new HashMap<>();
            properties.put(PORT, sentPort(guest));
            properties.put(PEERS, new Variant<>(new UInt32(guest.connectedPeers())));
            properties.put(AUTHENTICATION, new Variant<>(guest.requiresAuthentication()));
            return properties;
        }

        @Override
        public String getObjectPath() {
            return PATH;
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
            if (callers.current()
                    .filter(caller -> mayControl.test(caller.uid()))
                    .isEmpty()) {
                throw new AccessDenied("only the administrator controls guests");
            }
            return shared.guest();
        }

        @Override
        public <A> A Get(String ofInterface, String property) {
            return shared.one(ofInterface, property);
        }

        @Override
        public <A> void Set(String ofInterface, String property, A value) {
            throw new PropertyReadOnly(property + " cannot be set");
        }

        @Override
        public Map<String, Variant<?>> GetAll(String ofInterface) {
            return shared.all(ofInterface);
        }
    }

    /** {@code org.RDPMux.ServerWorker}. */
    static final class Workers implements ServerWorkerInterface, Properties {
        private final Shared shared;

        Workers(GuestRegistry registry, BusCallers callers) {
            this.shared = new Shared(
                    PATH, NAME, registry, callers, guest -> Map.of(RdpListenerInterface.PORT, sentPort(guest)));
        }

        @Override
        public String getObjectPath() {
            return PATH;
        }

        @Override
        public <A> A Get(String ofInterface, String property) {
            return shared.one(ofInterface, property);
        }

        @Override
        public <A> void Set(String ofInterface, String property, A value) {
            throw new PropertyReadOnly(property + " cannot be set");
        }

        @Override
        public Map<String, Variant<?>> GetAll(String ofInterface) {
            return shared.all(ofInterface);
        }
    }

    private static Variant<?> sentPort(GuestControl guest) {
        return new Variant<>(new UInt16(guest.port()));
    }
}
