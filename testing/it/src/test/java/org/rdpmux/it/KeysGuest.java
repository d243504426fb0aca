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
        this(libvirt, name, Map.of("@IMAGE@", build("build-keys.sh"), VNC, displays));
    }

    /** One whose PC speaker plays on its sound card, for which libvirt 9 has no words that QEMU 7.2 knows. */
    static KeysGuest loud(Libvirtd libvirt, String name) {
        String speaker = "<qemu:commandline xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'>"
                + "<qemu:arg value='-machine'/><qemu:arg value='pcspk-audiodev=audio1'/></qemu:commandline></domain>";
        return new KeysGuest(libvirt, name, Map.of("@IMAGE@", build("build-keys.sh"), "</domain>", speaker));
    }

    private KeysGuest(Libvirtd libvirt, String name, Map<String, String> values) {
        super(libvirt, name, "keys.xml", values);
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
