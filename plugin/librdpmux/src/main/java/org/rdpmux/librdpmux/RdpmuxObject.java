// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.librdpmux;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.freedesktop.dbus.errors.AccessDenied;
import org.freedesktop.dbus.errors.PropertyReadOnly;
import org.freedesktop.dbus.errors.UnknownProperty;
import org.freedesktop.dbus.interfaces.Properties;
import org.freedesktop.dbus.types.UInt16;
import org.freedesktop.dbus.types.Variant;
import org.rdpmux.librdpmux.bus.RdpmuxInterface;

/**
 * The object guests register at. At the usual path it offers each caller the caller's own version; at a path of its own
 * it offers one version, for guests of which the version cannot be told. Called from several D-Bus threads.
 */
final class RdpmuxObject implements RdpmuxInterface, Properties {

    /** The usual path; below it are {@code v1} to {@code v5}. */
    static final String PATH = "/org/RDPMux/RDPMux";

    /** What guests understand as a refusal. */
    private static final String REFUSED = "";

    /** Guests wait for 25 seconds, and their virtual machine with them. */
    private static final int REGISTER_SECONDS = 20;

    /** A guest calls twice in its life; a process has few of them. */
    private static final int CALLS_AT_ONCE = 40;

    private static final int CALLS_A_SECOND = 4;

    private final CallBudget budget = new CallBudget(CALLS_AT_ONCE, CALLS_A_SECOND);
    private final String path;
    private final Optional<ProtocolVersion> only;
    private final ProtocolVersion unlessKnown;
    private final GuestRegistry registry;
    private final ProcessTable processes;
    private final BusCallers callers;

    private RdpmuxObject(
            String path,
            Optional<ProtocolVersion> only,
            ProtocolVersion unlessKnown,
            GuestRegistry registry,
            ProcessTable processes,
            BusCallers callers) {
        this.path = path;
        this.only = only;
        this.unlessKnown = unlessKnown;
        this.registry = registry;
        this.processes = processes;
        this.callers = callers;
    }

    /** The object of this version's path, or of the usual path for empty. */
    static RdpmuxObject of(
            Optional<ProtocolVersion> only,
            ProtocolVersion unlessKnown,
            GuestRegistry registry,
            ProcessTable processes,
            BusCallers callers) {
        String path = only.map(version -> PATH + "/v" + version.number()).orElse(PATH);
        return new RdpmuxObject(path, only, unlessKnown, registry, processes, callers);
    }

    @Override
    public String getObjectPath() {
        return path;
    }

    @Override
    public String Register(int id, int version) {
        return register("ii", id, version, "", 0, "");
    }

    @Override
    public String Register(int id, int version, String uuid) {
        return register("iis", id, version, uuid, 0, "");
    }

    @Override
    public String Register(int id, int version, String uuid, UInt16 port) {
        return register("iisq", id, version, uuid, port.intValue(), "");
    }

    @Override
    public String Register(int id, int version, String uuid, UInt16 port, String authFile) {
        return register("iisqs", id, version, uuid, port.intValue(), authFile);
    }

    private String register(String signature, int id, int number, String uuid, int port, String authFile) {
        BusCaller caller = callers.current().orElse(null);
        try {
            if (caller == null) {
                throw new RefusedException("the bus does not tell its process");
            }
            if (!mayCall(caller)) {
                throw new RefusedException("it calls too often");
            }
            ProtocolVersion version = version(number, signature);
            ProcessIdentity process = processes
                    .identify(caller.pid())
                    .orElseThrow(() -> new RefusedException("process " + caller.pid() + " has ended"));
            GuestClaim claim;
            try {
                claim = new GuestClaim(id, version, uuid, port, authFile, process);
            } catch (IllegalArgumentException e) {
                throw new RefusedException(e.getMessage());
            }
            return registry.register(claim).get(REGISTER_SECONDS, TimeUnit.SECONDS);
        } catch (RefusedException e) {
            return refuse(caller, e.getMessage());
        } catch (ExecutionException e) {
            return refuse(caller, e.getCause().getMessage());
        } catch (TimeoutException e) {
            return refuse(caller, "it took too long");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return refuse(caller, "the service ends");
        }
    }

    private boolean mayCall(BusCaller caller) {
        return budget.take(caller.pid(), System.nanoTime());
    }

    private ProtocolVersion version(int number, String signature) throws RefusedException {
        ProtocolVersion version = ProtocolVersion.of(number)
                .filter(known -> known.signatures().contains(signature))
                .orElseThrow(() ->
                        new RefusedException("version " + number + " does not register with (" + signature + ")"));
        if (only.isPresent() && only.get() != version) {
            throw new RefusedException("version " + number + " does not belong to " + path);
        }
        return version;
    }

    private String refuse(BusCaller caller, String reason) {
        registry.log()
                .warn(
                        "Refused to register {}: {}",
                        caller == null ? "a guest" : "process " + caller.pid() + " of user " + caller.uid(),
                        reason);
        return REFUSED;
    }

    @Override
    @SuppressWarnings("unchecked") // the interface lets the caller choose the type; the bus carries a variant
    public <A> A Get(String interfaceName, String property) {
        if (!isOurs(interfaceName) || !property.equals(VERSIONS)) {
            throw new UnknownProperty(property + " is not a property of this object");
        }
        return (A) versions();
    }

    @Override
    public <A> void Set(String interfaceName, String property, A value) {
        throw new PropertyReadOnly(property + " cannot be set");
    }

    @Override
    public Map<String, Variant<?>> GetAll(String interfaceName) {
        return isOurs(interfaceName) ? Map.of(VERSIONS, versions()) : Map.of();
    }

    private static boolean isOurs(String interfaceName) {
        return interfaceName.isEmpty() || interfaceName.equals(NAME);
    }

    /** All versions, the caller's first: it looks no further. */
    private Variant<?> versions() {
        if (only.isPresent()) {
            return new Variant<>(new int[] {only.get().number()}, "ai");
        }
        Optional<BusCaller> asking = callers.current();
        if (asking.isPresent() && !mayCall(asking.get())) {
            throw new AccessDenied("too many calls");
        }
        int first = asking.flatMap(caller -> VersionDetector.detect(processes, caller.pid()))
                .orElse(unlessKnown)
                .number();
        IntStream others = Arrays.stream(ProtocolVersion.values())
                .mapToInt(ProtocolVersion::number)
                .filter(number -> number != first);
        return new Variant<>(IntStream.concat(IntStream.of(first), others).toArray(), "ai");
    }
}
