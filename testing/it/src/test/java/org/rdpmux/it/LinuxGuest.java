// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.it;

import java.util.List;
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

    /**
     * Asks the guest, again and again, to do what a desktop does by itself: take the mode that its display prefers.
     *
     * @param asked has the display prefer the size; done anew each time
     */
    void awaitPreferred(int width, int height, Runnable asked) {
        String mode = "MODE " + width + " " + height;
        Wait.until(
                "the guest's display prefers " + width + "x" + height,
                () -> {
                    asked.run();
                    command("d");
                    List<String> modes = reports("MODE");
                    return modes.get(modes.size() - 1).equals(mode);
                },
                this::lines);
    }
}
