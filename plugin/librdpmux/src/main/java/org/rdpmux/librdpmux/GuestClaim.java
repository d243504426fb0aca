// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.librdpmux;

import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * What a guest says of itself when it registers.
 *
 * @param id 0 or more
 * @param uuid as the guest writes it, since it compares the text; empty in version 1, which has none
 * @param port 0 to 65535
 * @param authFile empty, or an absolute path
 */
record GuestClaim(int id, ProtocolVersion version, String uuid, int port, String authFile, ProcessIdentity process) {

    static final String NIL_UUID = "00000000-0000-0000-0000-000000000000";

    private static final Pattern UUID_TEXT =
            Pattern.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");

    /** @throws IllegalArgumentException with the reason for refusing */
    GuestClaim {
        Objects.requireNonNull(process);
        if (id < 0) {
            throw new IllegalArgumentException("number " + id + " is negative");
        }
        if (version == ProtocolVersion.V1
                ? !uuid.isEmpty()
                : !UUID_TEXT.matcher(uuid).matches()) {
            throw new IllegalArgumentException("'" + printable(uuid) + "' is not a UUID of 36 characters");
        }
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("port " + port);
        }
        GuestAccess.registeredWith(authFile);
    }

    /** The UUID, unless there is none or it is the all-zero one. */
    Optional<UUID> realUuid() {
        return uuid.isEmpty() || uuid.equals(NIL_UUID) ? Optional.empty() : Optional.of(UUID.fromString(uuid));
    }

    /** What the guest is known by: its UUID, or its process if it has none. */
    String key() {
        return realUuid()
                .map(real -> uuid.toLowerCase(Locale.ROOT))
                .orElse("process-" + process.pid() + "-" + process.startTime());
    }

    /** For log lines: what a guest wrote, without what could forge or flood a log. */
    static String printable(String text) {
        String shown = text.replaceAll("[^\\x20-\\x7e]", "?");
        return shown.length() > 80 ? shown.substring(0, 80) + "..." : shown;
    }

    /** The last element of the path of the guest's D-Bus object. */
    String objectName() {
        return realUuid().isPresent() ? uuid.replace("-", "") : NIL_UUID.replace("-", "") + "_" + process.pid();
    }
}
