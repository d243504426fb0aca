// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.it;

import java.util.Map;

/** The guest of {@code keys.asm}: a boot sector that is up in a second, shows and reports keys and sets any mode. */
final class KeysGuest extends SerialGuest {

    KeysGuest(Libvirtd libvirt, String name) {
        super(libvirt, name, "keys.xml", Map.of("@IMAGE@", build("build-keys.sh")));
    }
}
