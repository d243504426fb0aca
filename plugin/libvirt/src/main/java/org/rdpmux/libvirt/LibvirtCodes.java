// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.libvirt;

import java.util.Locale;
import java.util.Optional;
import org.libvirt.Error;
import org.libvirt.Error.ErrorNumber;

/** Turns libvirt's numbers and errors into our words. */
final class LibvirtCodes {
    private static final int EACCES = 13;
    private static final int EPERM = 1;
    private static final int ENOENT = 2;
    private static final int ECONNREFUSED = 111;

    private LibvirtCodes() {}

    /** virDomainEventStoppedDetailType. */
    static StopReason stopReason(int detail) {
        return switch (detail) {
            case 0 -> StopReason.SHUTDOWN;
            case 1 -> StopReason.DESTROYED;
            case 2 -> StopReason.CRASHED;
            case 3 -> StopReason.MIGRATED;
            case 4 -> StopReason.SAVED;
            case 5 -> StopReason.FAILED;
            case 6 -> StopReason.FROM_SNAPSHOT;
            default -> StopReason.UNKNOWN;
        };
    }

    /**
     * Whether a domain's process is being set up: it has an id and is paused by libvirt itself, and nobody can have its
     * console yet. virDomainState and virDomainPausedReason.
     */
    static boolean startingUp(int state, int reason) {
        return state == 3 && reason == 11;
    }

    /** virDomainState; a state of a libvirt newer than this counts as running. */
    static DomainState state(int state) {
        return switch (state) {
            case 3 -> DomainState.PAUSED;
            case 4 -> DomainState.SHUTTING_DOWN;
            case 5 -> DomainState.OFF;
            case 6 -> DomainState.CRASHED;
            case 7 -> DomainState.PM_SUSPENDED;
            default -> DomainState.RUNNING;
        };
    }

    /** virDomainShutoffReason, the reason of the state "off"; empty for a domain that was off since libvirt knows it. */
    static Optional<StopReason> shutoffReason(int reason) {
        return switch (reason) {
            case 1 -> Optional.of(StopReason.SHUTDOWN);
            case 2 -> Optional.of(StopReason.DESTROYED);
            case 3 -> Optional.of(StopReason.CRASHED);
            case 4 -> Optional.of(StopReason.MIGRATED);
            case 5 -> Optional.of(StopReason.SAVED);
            case 6 -> Optional.of(StopReason.FAILED);
            case 7 -> Optional.of(StopReason.FROM_SNAPSHOT);
            default -> Optional.empty();
        };
    }

    /** Why a connection broke; virConnectCloseReason. */
    static ConnectionFailure closed(int reason) {
        return reason == LibvirtNative.VIR_CONNECT_CLOSE_REASON_KEEPALIVE
                ? new ConnectionFailure(
                        ConnectionFailure.Kind.SILENT, "libvirt has stopped answering; connecting to it anew")
                : new ConnectionFailure(
                        ConnectionFailure.Kind.LOST,
                        "libvirt has closed the connection, as it does when it is restarted; connecting to it anew");
    }

    /** Why a connection is given up on which the domains cannot be listed: it broke, as a rule, and nobody has said so yet. */
    static ConnectionFailure unlisted(Throwable error) {
        return new ConnectionFailure(
                ConnectionFailure.Kind.LOST, oneLine(error.getMessage()) + "; connecting to libvirt anew");
    }

    static ConnectionFailure noLibrary() {
        return new ConnectionFailure(
                ConnectionFailure.Kind.NO_LIBRARY,
                "libvirt's client library is not installed; install it (Debian: libvirt0, Fedora: libvirt-libs) and start"
                        + " rdpmux again");
    }

    static ConnectionFailure silent(String uri, long seconds) {
        return new ConnectionFailure(
                ConnectionFailure.Kind.SILENT,
                "libvirt at " + uri + " does not answer within " + seconds
                        + " s; see whether libvirtd or virtqemud hangs, and restart it");
    }

    /** Why a connection could not be opened. */
    static ConnectionFailure notOpened(String uri, Error error) {
        String message = oneLine(error.getMessage());
        int errno = error.getCode() == ErrorNumber.VIR_ERR_SYSTEM_ERROR ? error.getInt1() : 0;
        if (errno == ENOENT || errno == ECONNREFUSED) {
            return new ConnectionFailure(
                    ConnectionFailure.Kind.ABSENT,
                    "nobody answers at " + uri + ": is libvirtd (or virtqemud) running? libvirt says: " + message);
        }
        if (errno == EACCES || errno == EPERM || isAuthentication(error.getCode())) {
            return new ConnectionFailure(
                    ConnectionFailure.Kind.REFUSED,
                    "libvirt at " + uri + " does not let user " + System.getProperty("user.name")
                            + " in; add the user to the group libvirt, or allow it org.libvirt.unix.manage in polkit."
                            + " libvirt says: " + message);
        }
        if (isWrongUri(error.getCode(), message)) {
            return new ConnectionFailure(
                    ConnectionFailure.Kind.WRONG_URI,
                    "libvirt does not know " + uri
                            + "; qemu:///system is the URI of a host's own libvirt. libvirt says: " + message);
        }
        return new ConnectionFailure(ConnectionFailure.Kind.OTHER, "cannot connect to " + uri + ": " + message);
    }

    private static boolean isAuthentication(ErrorNumber code) {
        return switch (code) {
            case VIR_ERR_AUTH_FAILED,
                    VIR_ERR_AUTH_CANCELLED,
                    VIR_ERR_AUTH_UNAVAILABLE,
                    VIR_ERR_ACCESS_DENIED,
                    VIR_ERR_OPERATION_DENIED -> true;
            default -> false;
        };
    }

    private static boolean isWrongUri(ErrorNumber code, String message) {
        return switch (code) {
            case VIR_ERR_NO_CONNECT, VIR_ERR_INVALID_CONN, VIR_ERR_INVALID_ARG, VIR_ERR_CONFIG_UNSUPPORTED -> true;
            // A path the driver does not expect is an "internal error" to it.
            case VIR_ERR_INTERNAL_ERROR -> message.toLowerCase(Locale.ROOT).contains("uri");
            default -> false;
        };
    }

    private static String oneLine(String message) {
        return message == null ? "nothing" : message.strip().replaceAll("\\s+", " ");
    }
}
