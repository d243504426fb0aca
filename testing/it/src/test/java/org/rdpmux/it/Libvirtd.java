// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A libvirtd of the test's own, with domains that run QEMU. */
final class Libvirtd {

    private static final String TOOL =
            Programs.root().resolve("testing/bin/private-libvirtd").toString();

    private final Path directory;
    private final String uri;

    /** Starts it and waits until it answers. */
    Libvirtd(Programs programs) {
        directory = programs.newDirectory("libvirt");
        programs.atEnd(() -> Programs.run(TOOL, "stop", directory.toString()));
        Programs.run(TOOL, "start", directory.toString());
        uri = Programs.run(TOOL, "uri", directory.toString()).trim();
    }

    Path directory() {
        return directory;
    }

    String uri() {
        return uri;
    }

    String virsh(String... arguments) {
        List<String> command = new ArrayList<>(List.of("virsh", "-c", uri));
        command.addAll(List.of(arguments));
        return Programs.run(command.toArray(String[]::new));
    }

    /** Ends the daemon the hard way; its domains keep running. */
    void kill() {
        Programs.run(TOOL, "kill", directory.toString());
    }

    void restart() {
        Programs.run(TOOL, "restart", directory.toString());
    }

    /** Defines a domain from XML. */
    void define(String name, String xml) {
        try {
            Path file = directory.resolve(name + ".xml");
            Files.writeString(file, xml);
            virsh("define", file.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Defines and starts a domain that stops at the firmware's screen: there is nothing to boot from. */
    void startFirmware(String name) {
        defineFirmware(name);
        virsh("start", name);
    }

    void defineFirmware(String name) {
        define(name, firmware(name));
    }

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

    /** Sets the agent's element in a running domain's metadata. */
    void metadata(String name, String element) {
        virsh("metadata", name, "urn:rdpmux:domain:1.0", "--live", "--key", "rdpmux", "--set", element);
    }

    /** What the hypervisor itself says the domain's screen shows. */
    Picture screenshot(String name) {
        try {
            Path file = Files.createTempFile(directory, "screen", ".png");
            virsh("screenshot", name, file.toString());
            Picture picture = Picture.readImage(file);
            Files.delete(file);
            return picture;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
