// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon.consoles;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * What the command line of a QEMU process says about its virtual machine.
 *
 * @param arguments the program's name first; empty if they are not to be had
 */
record Hypervisor(List<String> arguments) {

    /** libvirt allows longer names, people do not read them. */
    private static final int MAX_NAME = 64;

    /** As much as the kernel lets a program be started with; a process can make it look like more. */
    private static final int MAX_COMMAND_LINE = 2 << 20;

    private static final String GUEST = "guest=";

    Hypervisor {
        arguments = List.copyOf(arguments);
    }

    static Hypervisor of(int pid) {
        try (InputStream in = Files.newInputStream(Path.of("/proc", Integer.toString(pid), "cmdline"))) {
            String line = new String(in.readNBytes(MAX_COMMAND_LINE), StandardCharsets.ISO_8859_1);
            return new Hypervisor(List.of(line.split("\0")));
        } catch (IOException e) {
            return new Hypervisor(List.of());
        }
    }

    /** After {@code -uuid}. */
    Optional<UUID> uuid() {
        try {
            return after("-uuid").map(UUID::fromString);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** After {@code -name}, as {@code NAME}, {@code NAME,option=...} or {@code guest=NAME,...}. */
    Optional<String> name() {
        return after("-name")
                .map(text -> text.split(",", 2)[0])
                .map(text -> text.startsWith(GUEST) ? text.substring(GUEST.length()) : text)
                .flatMap(Hypervisor::shown);
    }

    /** The program's name without the way there. */
    Optional<String> program() {
        return arguments.stream()
                .findFirst()
                .map(path -> path.substring(path.lastIndexOf('/') + 1))
                .flatMap(Hypervisor::shown);
    }

    private static Optional<String> shown(String name) {
        return Optional.of(name)
                .map(text -> text.replaceAll("[^\\x21-\\x7e]", "?"))
                .map(text -> text.substring(0, Math.min(text.length(), MAX_NAME)))
                .filter(text -> !text.isEmpty());
    }

    private Optional<String> after(String option) {
        int at = arguments.indexOf(option);
        return at < 0 || at + 1 == arguments.size() ? Optional.empty() : Optional.of(arguments.get(at + 1));
    }
}
