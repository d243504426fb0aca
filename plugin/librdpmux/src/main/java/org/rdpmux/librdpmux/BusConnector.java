// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.librdpmux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongPredicate;
import org.freedesktop.dbus.connections.IDisconnectCallback;
import org.freedesktop.dbus.connections.impl.DBusConnection;
import org.freedesktop.dbus.connections.impl.DBusConnectionBuilder;
import org.freedesktop.dbus.exceptions.DBusException;
import org.freedesktop.dbus.exceptions.DBusExecutionException;
import org.freedesktop.dbus.interfaces.DBus;
import org.rdpmux.librdpmux.bus.RdpListenerInterface;
import org.rdpmux.librdpmux.bus.RdpmuxInterface;
import org.rdpmux.librdpmux.bus.ServerWorkerInterface;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the service on the bus: connects, puts up the objects, then takes the name, and does so again whenever the bus
 * goes away. Guests that are registered do not notice, since their sockets are none of the bus's business.
 */
final class BusConnector {

    private static final Logger LOG = LoggerFactory.getLogger(BusConnector.class);

    private static final Duration FIRST_RETRY = Duration.ofMillis(100);
    private static final Duration LAST_RETRY = Duration.ofSeconds(5);
    private static final int CLOSE_SECONDS = 15;
    private static final String SOCKET = "unix:path=";

    /** A guest's registration waits for the disk, and while one does, others ask for the versions. */
    private static final int CALL_THREADS = 4;

    private final String address;
    private final ProtocolVersion unlessKnown;
    private final GuestRegistry registry;
    private final ProcessTable processes;
    private final LongPredicate mayControl;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread = new Thread(this::run, "librdpmux-bus");
    private volatile boolean connected;

    /** @param mayControl which users may change guests' endpoints */
    BusConnector(
            String address,
            ProtocolVersion unlessKnown,
            GuestRegistry registry,
            ProcessTable processes,
            LongPredicate mayControl) {
        this.address = address;
        this.unlessKnown = unlessKnown;
        this.registry = registry;
        this.processes = processes;
        this.mayControl = mayControl;
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Whether guests can register now. */
    boolean isConnected() {
        return connected;
    }

    void close() {
        closing.countDown();
        try {
            thread.join(TimeUnit.SECONDS.toMillis(CLOSE_SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        Duration retry = FIRST_RETRY;
        String lastProblem = "";
        while (closing.getCount() > 0) {
            try {
                serveUntilLost();
                retry = FIRST_RETRY;
                lastProblem = "";
            } catch (DBusException | IOException | RuntimeException e) {
                String problem = e.toString().replaceAll("\":[0-9.]+\"", ""); // a new connection has a new name
                if (!problem.equals(lastProblem)) {
                    lastProblem = problem;
                    LOG.warn(
                            "guests built with librdpmux cannot register for now: the bus at {} is not to be had ({});"
                                    + " this is tried again until it is",
                            address,
                            e.getMessage());
                } else {
                    LOG.debug("The bus is still not to be had", e);
                }
            } catch (InterruptedException e) {
                return;
            }
            try {
                if (closing.await(retry.toMillis(), TimeUnit.MILLISECONDS)) {
                    return;
                }
            } catch (InterruptedException e) {
                return;
            }
            Duration doubled = retry.multipliedBy(2);
            retry = doubled.compareTo(LAST_RETRY) < 0 ? doubled : LAST_RETRY;
        }
    }

    /** Where there is no bus at all, the library would try for ten seconds, and could not be told to stop. */
    private void requireSocket() throws IOException {
        boolean plain = address.startsWith(SOCKET) && address.chars().noneMatch(c -> ",;%".indexOf(c) >= 0);
        if (plain && !Files.exists(Path.of(address.substring(SOCKET.length())))) {
            throw new IOException("there is no such socket");
        }
    }

    private void serveUntilLost() throws DBusException, IOException, InterruptedException {
        requireSocket();
        CountDownLatch lost = new CountDownLatch(1);
        DBusConnection connection = DBusConnectionBuilder.forAddress(address)
                .withShared(false)
                .withDisconnectCallback(new IDisconnectCallback() {
                    @Override
                    public void disconnectOnError(IOException reason) {
                        lost.countDown();
                    }

                    @Override
                    public void clientDisconnect() {
                        lost.countDown();
                    }
                })
                .receivingThreadConfig()
                .withMethodCallThreadCount(CALL_THREADS)
                .connectionConfig()
                .build();
        boolean wasLost = false;
        try {
            putUpObjects(connection);
            connection.requestBusName(RdpmuxInterface.NAME);
            connected = true;
            LOG.info("Guests can register as {} on {}", RdpmuxInterface.NAME, address);
            do {
                wasLost = lost.await(200, TimeUnit.MILLISECONDS) || !connection.isConnected();
            } while (!wasLost && closing.getCount() > 0);
            if (wasLost) {
                LOG.warn("The bus at {} went away; connecting again", address);
            }
        } finally {
            connected = false;
            if (!wasLost) { // else the library is about to close it, which takes its time
                disconnect(connection);
            }
        }
    }

    private static void disconnect(DBusConnection connection) {
        try {
            connection.disconnect();
        } catch (DBusExecutionException e) {
            LOG.debug("The bus went away first", e);
        }
    }

    private void putUpObjects(DBusConnection connection) throws DBusException {
        DBus bus = connection.getRemoteObject("org.freedesktop.DBus", "/org/freedesktop/DBus", DBus.class);
        BusCallers callers = new BusCallers(bus);
        RdpmuxObject usual = RdpmuxObject.of(Optional.empty(), unlessKnown, registry, processes, callers);
        connection.exportObject(usual.getObjectPath(), usual);
        for (ProtocolVersion version : ProtocolVersion.values()) {
            RdpmuxObject only = RdpmuxObject.of(Optional.of(version), unlessKnown, registry, processes, callers);
            connection.exportObject(only.getObjectPath(), only);
        }
        connection.addFallback(RdpListenerInterface.PATH, new ControlObjects.Listeners(registry, callers, mayControl));
        connection.addFallback(ServerWorkerInterface.PATH, new ControlObjects.Workers(registry, callers));
    }
}
