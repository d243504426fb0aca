// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.it;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The guest of {@code keys.asm}: a boot sector that is up in a second, shows and reports keys and sets any mode. */
final class KeysGuest extends SerialGuest {

    KeysGuest(Libvirtd libvirt, String name) {
        this(libvirt, name, VNC);
    }

    /** @param displays XML */
    KeysGuest(Libvirtd libvirt, String name, String displays) {
        super(libvirt, name, "keys.xml", Map.of("@IMAGE@", build("build-keys.sh"), VNC, displays));
    }

    /** The scancodes of the keys that went down or up so far, as hexadecimal digits. */
    List<String> codes() {
        return reports("K").stream().map(line -> line.split(" ")[1]).toList();
    }

    /** The characters that the guest's keyboard driver made of the keys so far. */
    String typed() {
        return reports("K").stream()
                .filter(line -> line.indexOf('\'') >= 0)
                .map(line -> line.substring(line.indexOf('\'') + 1).substring(0, 1))
                .collect(Collectors.joining());
    }
}
