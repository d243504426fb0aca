// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.libvirt;

import com.sun.jna.Callback;
import com.sun.jna.Pointer;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.libvirt.LibvirtException;
import org.rdpmux.libvirt.LibvirtConnection.ConnectException;

/**
 * What the watcher has of one libvirtd from when it connects until the connection breaks: a connection on which events come
 * in and nothing is asked, and others for calls, one for each call under way at a time. A call that hangs so keeps its own
 * connection busy and no other call waiting. Methods may be called on any thread but the event loop's.
 */
final class LibvirtSession {

    /** Connections kept for the next call. Opening one takes some ten milliseconds. */
    private static final int MAX_IDLE = 4;

    /** Told on the event loop's thread, which must not be held up: by no call to libvirt and no waiting. */
    interface Listener {
        /** Something happened to a domain; the reason is there if it stopped. */
        void changed(UUID uuid, Optional<StopReason> stopReason);

        /** The connection broke. */
        void closed(ConnectionFailure failure);
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
        if (type == LibvirtNative.VIR_DOMAIN_METADATA_ELEMENT && DomainMetadata.NAMESPACE.equals(namespace)) {
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
    private final String uri;
    private final LibvirtConnection events;
    private final List<Integer> callbackIds = new ArrayList<>();
    private boolean closeCallback;

    private final Object lock = new Object();
    private final Deque<LibvirtConnection> idle = new ArrayDeque<>(); // guarded by lock
    private boolean closed; // guarded by lock

    private LibvirtSession(String uri, LibvirtConnection events) {
        this.uri = uri;
        this.events = events;
    }

    /**
     * Connects and registers for events.
     *
     * @throws ConnectException with the reason if that fails
     */
    static LibvirtSession open(String uri, Listener listener) throws ConnectException {
        LibvirtSession session = new LibvirtSession(uri, LibvirtConnection.open(uri));
        LISTENERS.put(session.serial, listener);
        try {
            session.subscribe();
            return session;
        } catch (LibvirtCallException e) {
            session.close();
            throw new ConnectException(
                    new ConnectionFailure(
                            ConnectionFailure.Kind.OTHER, uri + " does not offer events: " + e.getMessage()),
                    e);
        }
    }

    private void subscribe() throws LibvirtCallException {
        Pointer opaque = Pointer.createConstant(serial);
        // A driver inside this process has no connection that could break, and does not take this.
        closeCallback =
                LibvirtNative.LIBVIRT.virConnectRegisterCloseCallback(events.pointer(), CLOSED, opaque, null) == 0;
        register(LibvirtNative.VIR_DOMAIN_EVENT_ID_LIFECYCLE, LIFECYCLE, opaque);
        register(LibvirtNative.VIR_DOMAIN_EVENT_ID_METADATA_CHANGE, METADATA, opaque);
    }

    private void register(int event, Callback callback, Pointer opaque) throws LibvirtCallException {
        int id = LibvirtNative.LIBVIRT.virConnectDomainEventRegisterAny(
                events.pointer(), null, event, callback, opaque, null);
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

    /** As {@link LibvirtConnection#list}. */
    Map<UUID, OptionalInt> list() throws LibvirtCallException {
        return call("list domains", LibvirtConnection::list);
    }

    /** As {@link LibvirtConnection#look}. */
    Optional<Snapshot> look(UUID uuid) throws LibvirtCallException {
        return call("look at domain " + uuid, connection -> connection.look(uuid));
    }

    /** As {@link LibvirtConnection#openGraphics}. */
    int openGraphics(UUID uuid, int index) throws LibvirtCallException {
        return call(
                "open graphics " + index + " of domain " + uuid, connection -> connection.openGraphics(uuid, index));
    }

    /** As {@link LibvirtConnection#graphicsPassword}. */
    Optional<GraphicsPassword> graphicsPassword(UUID uuid, int index) throws LibvirtCallException {
        String what = "ask for the password of console " + index + " of domain " + uuid;
        return call(what, connection -> {
            try {
                return connection.graphicsPassword(uuid, index);
            } catch (IllegalArgumentException e) {
                throw new LibvirtCallException("the domain is not understood: " + e.getMessage(), e);
            }
        });
    }

    private interface Call<T> {
        T call(LibvirtConnection connection) throws LibvirtException, LibvirtCallException;
    }

    private <T> T call(String what, Call<T> call) throws LibvirtCallException {
        LibvirtConnection connection = take(what);
        try {
            return call.call(connection);
        } catch (LibvirtException | LibvirtCallException e) {
            throw new LibvirtCallException("cannot " + what + ": " + e.getMessage(), e);
        } catch (NullPointerException e) {
            // libvirt-java hands on a null where libvirt failed and left no error.
            throw new LibvirtCallException("cannot " + what + ": libvirt gave no reason", e);
        } finally {
            giveBack(connection);
        }
    }

    private LibvirtConnection take(String what) throws LibvirtCallException {
        synchronized (lock) {
            if (closed) {
                throw new LibvirtCallException("cannot " + what + ": the connection to libvirt is closed");
            }
            if (!idle.isEmpty()) {
                return idle.pop();
            }
        }
        try {
            return LibvirtConnection.open(uri);
        } catch (ConnectException e) {
            throw new LibvirtCallException("cannot " + what + ": " + e.getMessage(), e);
        }
    }

    private void giveBack(LibvirtConnection connection) {
        boolean usable = connection.alive();
        synchronized (lock) {
            if (usable && !closed && idle.size() < MAX_IDLE) {
                idle.push(connection);
                return;
            }
        }
        connection.close();
    }

    /** Events end now; connections with calls under way are closed when these return. */
    void close() {
        LISTENERS.remove(serial);
        List<LibvirtConnection> unused;
        synchronized (lock) {
            if (closed) {
                return;
            }
            closed = true;
            unused = List.copyOf(idle);
            idle.clear();
        }
        unused.forEach(LibvirtConnection::close);
        for (int id : callbackIds) {
            // Each registration holds the connection open. This fails on a broken one, after it has done its part.
            LibvirtNative.LIBVIRT.virConnectDomainEventDeregisterAny(events.pointer(), id);
        }
        if (closeCallback) {
            LibvirtNative.LIBVIRT.virConnectUnregisterCloseCallback(events.pointer(), CLOSED);
        }
        events.close();
    }
}
