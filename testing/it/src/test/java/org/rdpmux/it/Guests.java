// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.it;

/** Domains for the tests. */
final class Guests {

    private Guests() {}

    /** A domain that stops at the firmware's screen: there is nothing to boot from. */
    static String firmware(String name) {
        return """
            <domain type='qemu'>
              <name>%s</name>
              <memory unit='MiB'>16</memory>
              <os><type arch='x86_64' machine='pc'>hvm</type></os>
              <features><acpi/></features>
              <devices>
                <graphics type='vnc'><listen type='socket'/></graphics>
                <video><model type='vga'/></video>
              </devices>
            </domain>
            """.formatted(name);
    }
}
