// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.proxmox;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * A virtual machine that Proxmox VE runs on this host.
 *
 * @param vmid the number that Proxmox knows it by
 * @param name as Proxmox shows it
 * @param process what its QEMU process says of it; empty if the agent may not read which process that is
 * @param monitor the Unix socket of QEMU's monitor
 */
public record ProxmoxGuest(int vmid, String name, Optional<Qemu> process, Path monitor) {

    /** Proxmox gives out numbers from 100 on. */
    public static final int MAX_VMID = 999_999_999;

    /**
     * One run of the machine.
     *
     * @param run tells this run from every other: the process's number and the time of its start
     * @param vnc whether there is a VNC display
     * @param dbus whether there is a D-Bus display for peers, whose pixels can be read: without OpenGL
     * @param keymap the keyboard layout that the display was given, by QEMU's name such as {@code de-ch}
     */
    public record Qemu(String run, boolean vnc, boolean dbus, Optional<String> keymap) {
        public Qemu {
            Objects.requireNonNull(run);
            Objects.requireNonNull(keymap);
        }
    }

    public ProxmoxGuest {
        if (vmid < 1 || vmid > MAX_VMID) {
            throw new IllegalArgumentException("VMID " + vmid + " is not 1 to " + MAX_VMID);
        }
        Objects.requireNonNull(name);
        Objects.requireNonNull(process);
        Objects.requireNonNull(monitor);
    }
}
