// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon.endpoint;

import java.util.Comparator;
import java.util.Objects;
import java.util.UUID;
import java.util.regex.Pattern;

/** Identifies a console for as long as anybody knows of it: over restarts of its guest, renames, and restarts of the agent. */
public sealed interface ConsoleId extends Comparable<ConsoleId> {

    /** The console of a libvirt domain, or of another virtual machine that has a UUID. */
    record OfDomain(UUID uuid) implements ConsoleId {
        public OfDomain {
            Objects.requireNonNull(uuid);
        }

        @Override
        public String toString() {
            return "domain:" + uuid;
        }
    }

    /** A console that was configured or attached by address. */
    record Named(String name) implements ConsoleId {
        public Named {
            Objects.requireNonNull(name);
        }

        @Override
        public String toString() {
            return "console:" + name;
        }
    }

    /**
     * The console of a guest that registered without a UUID.
     *
     * @param key tells it from other guests: letters, digits and hyphens
     */
    record OfGuest(String key) implements ConsoleId {
        private static final Pattern KEY = Pattern.compile("[0-9A-Za-z-]{1,80}");

        public OfGuest {
            if (!KEY.matcher(key).matches()) {
                throw new IllegalArgumentException("'" + key + "' does not name a guest");
            }
        }

        @Override
        public String toString() {
            return "guest:" + key;
        }
    }

    /**
     * The console of a virtual machine of Proxmox VE.
     *
     * @param vmid the number that Proxmox knows it by
     */
    record OfVm(int vmid) implements ConsoleId {
        private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{0,8}");

        public OfVm {
            if (vmid < 1) {
                throw new IllegalArgumentException("VMID " + vmid + " is not 1 or more");
            }
        }

        /** Whether this is how people write a VMID. */
        public static boolean isVmid(String text) {
            return NUMBER.matcher(text).matches();
        }

        @Override
        public String toString() {
            return "proxmox:" + vmid;
        }
    }

    /** What rules and tickets know it by: a domain's UUID alone. */
    default String accessId() {
        return this instanceof OfDomain domain ? domain.uuid().toString() : toString();
    }

    @Override
    default int compareTo(ConsoleId other) {
        return Comparator.<ConsoleId, String>comparing(ConsoleId::toString).compare(this, other);
    }

    /**
     * Reads what {@code toString} gives.
     *
     * @throws IllegalArgumentException if it is none of them
     */
    static ConsoleId parse(String text) {
        if (text.startsWith("domain:")) {
            return new OfDomain(UUID.fromString(text.substring("domain:".length())));
        }
        if (text.startsWith("console:") && text.length() > "console:".length()) {
            return new Named(text.substring("console:".length()));
        }
        if (text.startsWith("guest:")) {
            return new OfGuest(text.substring("guest:".length()));
        }
        if (text.startsWith("proxmox:") && OfVm.isVmid(text.substring("proxmox:".length()))) {
            return new OfVm(Integer.parseInt(text.substring("proxmox:".length())));
        }
        throw new IllegalArgumentException(
                "'" + text + "' is neither domain:UUID nor console:NAME nor guest:KEY nor proxmox:VMID");
    }
}
