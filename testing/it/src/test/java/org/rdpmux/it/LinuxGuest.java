// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.it;

import java.util.Map;

/** The guest of {@code linux-guest.c}: Debian's kernel with real drivers for graphics and input. */
final class LinuxGuest extends SerialGuest {

    /** @param video virtio or vga */
    LinuxGuest(Libvirtd libvirt, String name, String video) {
        this(libvirt, name, video, VNC);
    }

    /**
     * @param video virtio or vga
     * @param displays XML
     */
    LinuxGuest(Libvirtd libvirt, String name, String video, String displays) {
        super(libvirt, name, "linux.xml", Map.of("@LINUX@", build("build-linux.sh"), "@VIDEO@", video, VNC, displays));
    }
}
