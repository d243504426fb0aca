// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.libvirt;

import com.sun.jna.Callback;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToIntFunction;
import org.libvirt.Connect;
import org.libvirt.Domain;
import org.libvirt.Error.ErrorNumber;
import org.libvirt.LibvirtException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection to libvirt, with its callbacks registered. The only class that calls libvirt. Methods block for as long as
 * libvirt pleases, any of them may be called on any thread but the event loop's, and several at a time.
 *
 * <p>INVARIANT: the connection is closed only when no call is under way on it; libvirt frees it otherwise while the call
 * still reads it. A session that is closed during calls closes its connection with the last of them.
 */
final class LibvirtSession {
    private static final Logger LOG = LoggerFactory.getLogger(LibvirtSession.class);

    /** Seconds between two signs of life asked of libvirt, and how many may stay out: silence is noticed within 20 s. */
    private static final int KEEPALIVE_SECONDS = 5;

    private static final int KEEPALIVE_COUNT = 3;

    /** Told on the event loop's thread, which must not be held up: by no call to libvirt and no waiting. */
    interface Listener {
        /** Something happened to a domain; the reason is there if it stopped. */
        void changed(UUID uuid, Optional<StopReason> stopReason);

        /** The connection broke. */
        void closed(ConnectionFailure failure);
    }

    /** Gives access to the handle, which is protected. */
    private static final class Handle extends Connect {
        Handle(String uri) throws LibvirtException {
            super(uri);
        }

        Pointer pointer() {
            return vcp.getPointer();
        }
    }

    // libvirt may call a callback until it has called its free function, some time after it was deregistered; code that
    // the garbage collector has taken away by then brings the process down. So there is one of each, for good, and each
    // session is known to it by a number.
    private static final AtomicLong SERIALS = new AtomicLong();
    private static final Map<Long, Listener> LISTENERS = new ConcurrentHashMap<>();
    private static final LibvirtNative.LifecycleCallback LIFECYCLE = (connection, domain, event, detail, opaque) -> {
        Optional<StopReason> reason = event == LibvirtNative.VIR_DOMAIN_EVENT_STOPPED
                ? Optional.of(LibvirtCodes.stopReason(detail))
                : Optional.empty();
        dispatch(domain, reason, opaque);
        return 0;
    };
    private static final LibvirtNative.MetadataCallback METADATA = (connection, domain, type, namespace, opaque) -> {
        if (type == LibvirtNative.VIR_DOMAIN_METADATA_ELEMENT && DomainSettings.NAMESPACE.equals(namespace)) {
            dispatch(domain, Optional.empty(), opaque);
        }
    };
    private static final LibvirtNative.CloseCallback CLOSED = (connection, reason, opaque) -> {
        Listener listener = LISTENERS.get(Pointer.nativeValue(opaque));
        if (listener != null) {
            listener.closed(LibvirtCodes.closed(reason));
        }
    };

    private final long serial = SERIALS.incrementAndGet();
    private final Handle connection;
    private final String uri;
    private final List<Integer> callbackIds = new ArrayList<>();
    private boolean closeCallback;

    private final Object lock = new Object();
    private int calls; // under way; guarded by lock
    private boolean closing; // guarded by lock

    private LibvirtSession(String uri, Handle connection) {
        this.uri = uri;
        this.connection = connection;
    }

    /**
     * Connects and registers for events.
     *
     * @throws ConnectException with the reason if that fails
     */
    static LibvirtSession open(String uri, Listener listener) throws ConnectException {
        try {
            EventLoop.ensureRunning();
            LibvirtSession session = new LibvirtSession(uri, new Handle(uri));
            LISTENERS.put(session.serial, listener);
            try {
                session.subscribe();
            } catch (LibvirtException | LibvirtCallException | RuntimeException e) {
                session.close();
                throw e;
            }
            return session;
        } catch (LibvirtException e) {
            throw new ConnectException(LibvirtCodes.notOpened(uri, e.getError()), e);
        } catch (LibvirtCallException e) {
            throw new ConnectException(
                    new ConnectionFailure(
                            ConnectionFailure.Kind.OTHER, uri + " does not offer events: " + e.getMessage()),
                    e);
        } catch (LinkageError e) {
            throw new ConnectException(LibvirtCodes.noLibrary(e), e);
        }
    }

    /** There is no connection, for the reason it carries. */
    static final class ConnectException extends Exception {
        private static final long serialVersionUID = 1;
        private final transient ConnectionFailure failure;

        ConnectException(ConnectionFailure failure, Throwable cause) {
            super(failure.message(), cause);
            this.failure = failure;
        }

        ConnectionFailure failure() {
            return failure;
        }
    }

    private void subscribe() throws LibvirtException, LibvirtCallException {
        try {
            connection.setKeepAlive(KEEPALIVE_SECONDS, KEEPALIVE_COUNT);
        } catch (LibvirtException e) {
            // A driver inside this process has no other side that could fall silent.
            LOG.debug("{}: no keepalive: {}", uri, e.getMessage());
        }
        Pointer opaque = Pointer.createConstant(serial);
        if (LibvirtNative.LIBVIRT.virConnectRegisterCloseCallback(connection.pointer(), CLOSED, opaque, null) == 0) {
            closeCallback = true;
        }
        register(LibvirtNative.VIR_DOMAIN_EVENT_ID_LIFECYCLE, LIFECYCLE, opaque);
        register(LibvirtNative.VIR_DOMAIN_EVENT_ID_METADATA_CHANGE, METADATA, opaque);
    }

    private void register(int event, Callback callback, Pointer opaque) throws LibvirtCallException {
        int id = LibvirtNative.LIBVIRT.virConnectDomainEventRegisterAny(
                connection.pointer(), null, event, callback, opaque, null);
        if (id < 0) {
            throw LibvirtNative.lastError();
        }
        callbackIds.add(id);
    }

    private static void dispatch(Pointer domain, Optional<StopReason> reason, Pointer opaque) {
        Listener listener = LISTENERS.get(Pointer.nativeValue(opaque));
        byte[] uuid = new byte[LibvirtNative.VIR_UUID_BUFLEN];
        if (listener != null && LibvirtNative.LIBVIRT.virDomainGetUUID(domain, uuid) == 0) {
            ByteBuffer bytes = ByteBuffer.wrap(uuid);
            listener.changed(new UUID(bytes.getLong(), bytes.getLong()), reason);
        }
    }

    /** All domains with libvirt's ids of them, which are empty for those that are off. */
    Map<UUID, OptionalInt> list() throws LibvirtCallException {
        return call("list domains", () -> {
            Map<UUID, OptionalInt> ids = new HashMap<>();
            for (Domain domain : connection.listAllDomains(0)) {
                int id = domain.getID();
                ids.put(UUID.fromString(domain.getUUIDString()), id < 0 ? OptionalInt.empty() : OptionalInt.of(id));
                domain.free();
            }
            return ids;
        });
    }

    /** What a domain is like now; empty if libvirt does not know it. */
    Optional<Snapshot> look(UUID uuid) throws LibvirtCallException {
        return call("look at domain " + uuid, () -> {
            Domain domain = null;
            try {
                domain = connection.domainLookupByUUID(uuid);
                DomainXml xml = DomainXml.parse(domain.getXMLDesc(0));
                if (!xml.uuid().equals(uuid)) {
                    throw new LibvirtCallException("the XML of domain " + uuid + " is that of " + xml.uuid());
                }
                IntByReference state = new IntByReference();
                IntByReference reason = new IntByReference();
                withPointer(uuid, pointer -> LibvirtNative.LIBVIRT.virDomainGetState(pointer, state, reason, 0));
                return Optional.of(new Snapshot(
                        uuid,
                        xml.name(),
                        xml.id(),
                        LibvirtCodes.state(state.getValue()),
                        LibvirtCodes.shutoffReason(reason.getValue()),
                        domain.isPersistent() == 1,
                        xml.graphics(),
                        xml.settings()));
            } catch (LibvirtCallException.NoDomain e) {
                return Optional.empty();
            } catch (LibvirtException e) {
                if (e.getError().getCode() == ErrorNumber.VIR_ERR_NO_DOMAIN) {
                    return Optional.empty();
                }
                throw e;
            } catch (IllegalArgumentException e) {
                throw new LibvirtCallException("domain " + uuid + " is not understood: " + e.getMessage(), e);
            } finally {
                if (domain != null) {
                    domain.free();
                }
            }
        });
    }

    /** Makes a call that libvirt-java does not have; it fails by returning less than 0. */
    private int withPointer(UUID uuid, ToIntFunction<Pointer> use) throws LibvirtCallException {
        byte[] bytes = new byte[LibvirtNative.VIR_UUID_BUFLEN];
        ByteBuffer.wrap(bytes).putLong(uuid.getMostSignificantBits()).putLong(uuid.getLeastSignificantBits());
        Pointer domain = LibvirtNative.LIBVIRT.virDomainLookupByUUID(connection.pointer(), bytes);
        if (domain == null) {
            throw LibvirtNative.lastError();
        }
        try {
            int result = use.applyAsInt(domain);
            if (result < 0) {
                throw LibvirtNative.lastError();
            }
            return result;
        } finally {
            LibvirtNative.LIBVIRT.virDomainFree(domain);
        }
    }

    /** Whether libvirt answers at all. */
    void ping() throws LibvirtCallException {
        call("ask for its version", connection::getLibVersion);
    }

    /**
     * Opens a connection to a console, already authenticated.
     *
     * @return a non-blocking file descriptor, the caller's to close
     */
    int openGraphics(UUID uuid, int index) throws LibvirtCallException {
        return call("open graphics " + index + " of domain " + uuid, () -> {
            int fd = withPointer(
                    uuid,
                    pointer -> LibvirtNative.LIBVIRT.virDomainOpenGraphicsFD(
                            pointer, index, LibvirtNative.VIR_DOMAIN_OPEN_GRAPHICS_SKIPAUTH));
            FileDescriptors.makeNonBlocking(fd);
            return fd;
        });
    }

    /** Writes our metadata element, to the running domain and to its definition, as far as there are these. */
    void saveSettings(UUID uuid, DomainSettings settings) throws LibvirtCallException {
        call("change the settings of domain " + uuid, () -> {
            Domain domain = connection.domainLookupByUUID(uuid);
            try {
                int flags = (domain.isActive() == 1 ? LibvirtNative.VIR_DOMAIN_AFFECT_LIVE : 0)
                        | (domain.isPersistent() == 1 ? LibvirtNative.VIR_DOMAIN_AFFECT_CONFIG : 0);
                domain.setMetadata(
                        LibvirtNative.VIR_DOMAIN_METADATA_ELEMENT,
                        DomainXml.element(settings),
                        DomainSettings.PREFIX,
                        DomainSettings.NAMESPACE,
                        flags);
                return null;
            } finally {
                domain.free();
            }
        });
    }

    private interface Call<T> {
        T call() throws LibvirtException, LibvirtCallException;
    }

    private <T> T call(String what, Call<T> call) throws LibvirtCallException {
        synchronized (lock) {
            if (closing) {
                throw new LibvirtCallException("cannot " + what + ": the connection to libvirt is closed");
            }
            calls++;
        }
        try {
            return call.call();
        } catch (LibvirtException e) {
            throw new LibvirtCallException("cannot " + what + ": " + e.getMessage(), e);
        } catch (LibvirtCallException e) {
            throw new LibvirtCallException("cannot " + what + ": " + e.getMessage(), e);
        } catch (NullPointerException e) {
            // libvirt-java hands on a null where libvirt failed and left no error.
            throw new LibvirtCallException("cannot " + what + ": libvirt gave no reason", e);
        } finally {
            boolean last;
            synchronized (lock) {
                last = --calls == 0 && closing;
            }
            if (last) {
                release();
            }
        }
    }

    /** Events end now; the connection itself is closed when the last call on it has returned. */
    void close() {
        LISTENERS.remove(serial);
        boolean idle;
        synchronized (lock) {
            idle = !closing && calls == 0;
            closing = true;
        }
        if (idle) {
            release();
        }
    }

    private void release() {
        Pointer pointer = connection.pointer();
        for (int id : callbackIds) {
            // Each registration holds the connection open. This fails on a broken one, after it has done its part.
            LibvirtNative.LIBVIRT.virConnectDomainEventDeregisterAny(pointer, id);
        }
        if (closeCallback) {
            LibvirtNative.LIBVIRT.virConnectUnregisterCloseCallback(pointer, CLOSED);
        }
        try {
            connection.close();
        } catch (LibvirtException e) {
            LOG.debug("{}: closing: {}", uri, e.getMessage());
        }
    }
}
