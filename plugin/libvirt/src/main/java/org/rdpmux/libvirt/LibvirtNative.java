// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.libvirt;

import com.sun.jna.Callback;
import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import java.util.Map;

/**
 * What libvirt-java does not have: events with their plain numbers, metadata events, graphics file descriptors. Constants
 * and signatures are those of libvirt-domain.h, libvirt-host.h and virterror.h; strings are UTF-8.
 */
interface LibvirtNative extends Library {

    /** The library; loading it fails with {@link UnsatisfiedLinkError} where libvirt is not installed. */
    LibvirtNative LIBVIRT = Native.load("virt", LibvirtNative.class, Map.of(Library.OPTION_STRING_ENCODING, "UTF-8"));

    /** virDomainEventID. */
    int VIR_DOMAIN_EVENT_ID_LIFECYCLE = 0;

    int VIR_DOMAIN_EVENT_ID_METADATA_CHANGE = 23;

    /** virDomainEventType. */
    int VIR_DOMAIN_EVENT_STOPPED = 5;

    /** virDomainOpenGraphicsFlags: the client has no need to authenticate itself. */
    int VIR_DOMAIN_OPEN_GRAPHICS_SKIPAUTH = 1;

    /** virDomainXMLFlags: with passwords; only for those who may change domains. */
    int VIR_DOMAIN_XML_SECURE = 1;

    /** virDomainMetadataType. */
    int VIR_DOMAIN_METADATA_ELEMENT = 2;

    /** virConnectCloseReason. */
    int VIR_CONNECT_CLOSE_REASON_KEEPALIVE = 2;

    /** virErrorNumber. */
    int VIR_ERR_NO_DOMAIN = 42;

    /** Bytes of a UUID (VIR_UUID_BUFLEN). */
    int VIR_UUID_BUFLEN = 16;

    /** virConnectDomainEventCallback. */
    interface LifecycleCallback extends Callback {
        int lifecycle(Pointer connection, Pointer domain, int event, int detail, Pointer opaque);
    }

    /** virConnectDomainEventMetadataChangeCallback. */
    interface MetadataCallback extends Callback {
        void metadata(Pointer connection, Pointer domain, int type, String namespace, Pointer opaque);
    }

    /** virConnectCloseFunc. */
    interface CloseCallback extends Callback {
        void closed(Pointer connection, int reason, Pointer opaque);
    }

    int virConnectDomainEventRegisterAny(
            Pointer connection, Pointer domain, int eventId, Callback callback, Pointer opaque, Pointer free);

    int virConnectDomainEventDeregisterAny(Pointer connection, int callbackId);

    int virConnectRegisterCloseCallback(Pointer connection, CloseCallback callback, Pointer opaque, Pointer free);

    int virConnectUnregisterCloseCallback(Pointer connection, CloseCallback callback);

    /** Copies the UUID out of the handle; asks nobody. */
    int virDomainGetUUID(Pointer domain, byte[] uuid);

    Pointer virDomainLookupByUUID(Pointer connection, byte[] uuid);

    int virDomainOpenGraphicsFD(Pointer domain, int index, int flags);

    int virDomainGetState(Pointer domain, IntByReference state, IntByReference reason, int flags);

    /** A string that is the caller's to free; null if that failed. */
    Pointer virDomainGetXMLDesc(Pointer domain, int flags);

    int virDomainFree(Pointer domain);

    /** The number of this thread's last error, a virErrorNumber. */
    int virGetLastErrorCode();

    String virGetLastErrorMessage();

    void virSetErrorFunc(Pointer userData, Pointer handler);

    /**
     * Keeps libvirt from writing errors to standard error: all of them are returned to the caller as well. The handler is
     * a C function that ignores its arguments, since one in Java would be called on libvirt's own threads too, which a
     * JVM that is shutting down does not survive.
     */
    static void beQuiet() {
        LIBVIRT.virSetErrorFunc(Pointer.NULL, NativeLibrary.getInstance("c").getFunction("getpid"));
    }

    /** This thread's last error. */
    static LibvirtCallException lastError() {
        String message = LIBVIRT.virGetLastErrorMessage();
        return LIBVIRT.virGetLastErrorCode() == VIR_ERR_NO_DOMAIN
                ? new LibvirtCallException.NoDomain(message)
                : new LibvirtCallException(message);
    }
}
