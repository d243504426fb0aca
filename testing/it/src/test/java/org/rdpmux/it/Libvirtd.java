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

    /** Starts it and waits until it answers. The directory's path must be short: its sockets are inside. */
    Libvirtd(Programs programs) {
        try {
            directory = Files.createTempDirectory(Path.of("/tmp"), "rdpmux-it");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        programs.atEnd(this::stop);
        Programs.run(TOOL, "start", directory.toString());
    }

    Path directory() {
        return directory;
    }

    String uri() {
        return Programs.run(TOOL, "uri", directory.toString()).trim();
    }

    String virsh(String... arguments) {
        List<String> command = new ArrayList<>(List.of(TOOL, "virsh", directory.toString()));
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

    private void stop() throws IOException {
        Programs.run(TOOL, "stop", directory.toString());
        try (var files = Files.walk(directory)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
