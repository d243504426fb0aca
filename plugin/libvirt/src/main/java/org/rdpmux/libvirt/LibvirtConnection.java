// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.libvirt;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.function.ToIntFunction;
import org.libvirt.Connect;
import org.libvirt.Domain;
import org.libvirt.Error.ErrorNumber;
import org.libvirt.LibvirtException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection to libvirt. Methods block for as long as libvirt pleases.
 *
 * <p>INVARIANT: one thread at a time. With more, libvirt before 10.0 may lose the wake-up by which the thread that waits for
 * an answer learns of another's question, which then is not sent until something else arrives; and closing a connection
 * frees it under the threads that are in calls on it.
 */
final class LibvirtConnection {
    private static final Logger LOG = LoggerFactory.getLogger(LibvirtConnection.class);

    /** Seconds between two signs of life asked of libvirt, and how many may stay out: silence is noticed within 20 s. */
    private static final int KEEPALIVE_SECONDS = 5;

    private static final int KEEPALIVE_COUNT = 3;

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

    /** Gives access to the pointer, which is protected. */
    private static final class Handle extends Connect {
        Handle(String uri) throws LibvirtException {
            super(uri);
        }

        Pointer pointer() {
            return vcp.getPointer();
        }
    }

    private final String uri;
    private final Handle handle;

    private LibvirtConnection(String uri, Handle handle) {
        this.uri = uri;
        this.handle = handle;
    }

    /** Connects, with the event loop running and signs of life asked for. */
    static LibvirtConnection open(String uri) throws ConnectException {
        try {
            EventLoop.ensureRunning();
            LibvirtConnection connection = new LibvirtConnection(uri, new Handle(uri));
            connection.askForSignsOfLife();
            return connection;
        } catch (LibvirtException e) {
            throw new ConnectException(LibvirtCodes.notOpened(uri, e.getError()), e);
        } catch (UnsatisfiedLinkError e) { // other linkage errors are damage of our own
            throw new ConnectException(LibvirtCodes.noLibrary(), e);
        }
    }

    private void askForSignsOfLife() {
        try {
            handle.setKeepAlive(KEEPALIVE_SECONDS, KEEPALIVE_COUNT);
        } catch (LibvirtException e) {
            // A driver inside this process has no other side that could fall silent.
            LOG.debug("{}: no keepalive: {}", uri, e.getMessage());
        }
    }

    Pointer pointer() {
        return handle.pointer();
    }

    /** All domains with libvirt's ids of them, which are empty for those that are off. */
    Map<UUID, OptionalInt> list() throws LibvirtException {
        Map<UUID, OptionalInt> ids = new HashMap<>();
        for (Domain domain : handle.listAllDomains(0)) {
            int id = domain.getID();
            ids.put(UUID.fromString(domain.getUUIDString()), id < 0 ? OptionalInt.empty() : OptionalInt.of(id));
            domain.free();
        }
        return ids;
    }

    /** What a domain is like now; empty if libvirt does not know it. */
    Optional<Snapshot> look(UUID uuid) throws LibvirtException, LibvirtCallException {
        Domain domain = null;
        try {
            domain = handle.domainLookupByUUID(uuid);
            DomainXml xml = DomainXml.parse(domain.getXMLDesc(0));
            if (!xml.uuid().equals(uuid)) {
                throw new LibvirtCallException("the XML of domain " + uuid + " is that of " + xml.uuid());
            }
            IntByReference state = new IntByReference();
            IntByReference reason = new IntByReference();
            withPointer(uuid, pointer -> LibvirtNative.LIBVIRT.virDomainGetState(pointer, state, reason, 0));
            boolean off = LibvirtCodes.startingUp(state.getValue(), reason.getValue());
            return Optional.of(new Snapshot(
                    uuid,
                    xml.name(),
                    off ? OptionalInt.empty() : xml.id(),
                    LibvirtCodes.state(state.getValue()),
                    off ? Optional.empty() : LibvirtCodes.shutoffReason(reason.getValue()),
                    domain.isPersistent() == 1,
                    xml.graphics(),
                    xml.metadata()));
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
    }

    /**
     * Opens a connection to a console, already authenticated.
     *
     * @return a non-blocking file descriptor, the caller's to close
     */
    int openGraphics(UUID uuid, int index) throws LibvirtCallException {
        int fd = withPointer(
                uuid,
                pointer -> LibvirtNative.LIBVIRT.virDomainOpenGraphicsFD(
                        pointer, index, LibvirtNative.VIR_DOMAIN_OPEN_GRAPHICS_SKIPAUTH));
        FileDescriptors.makeNonBlocking(fd);
        return fd;
    }

    /** The password of a console, for the present run if the domain is active; empty if it has none. */
    Optional<GraphicsPassword> graphicsPassword(UUID uuid, int index) throws LibvirtCallException {
        List<Optional<GraphicsPassword>> found = new ArrayList<>(1);
        withPointer(uuid, domain -> {
            Pointer xml = LibvirtNative.LIBVIRT.virDomainGetXMLDesc(domain, LibvirtNative.VIR_DOMAIN_XML_SECURE);
            if (xml == null) {
                return -1;
            }
            char[] text = SecretText.take(xml);
            try {
                found.add(DomainXml.password(text, index));
            } finally {
                Arrays.fill(text, '\0');
            }
            return 0;
        });
        return found.get(0);
    }

    /** Makes a call that libvirt-java does not have; it fails by returning less than 0. */
    private int withPointer(UUID uuid, ToIntFunction<Pointer> use) throws LibvirtCallException {
        byte[] bytes = new byte[LibvirtNative.VIR_UUID_BUFLEN];
        ByteBuffer.wrap(bytes).putLong(uuid.getMostSignificantBits()).putLong(uuid.getLeastSignificantBits());
        Pointer domain = LibvirtNative.LIBVIRT.virDomainLookupByUUID(pointer(), bytes);
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

    /** Whether the connection can still be used, as far as this side knows. */
    boolean alive() {
        try {
            return handle.isAlive();
        } catch (LibvirtException e) {
            LOG.debug("{}: {}", uri, e.getMessage());
            return false;
        }
    }

    void close() {
        try {
            handle.close();
        } catch (LibvirtException e) {
            LOG.debug("{}: closing: {}", uri, e.getMessage());
        }
    }
}
