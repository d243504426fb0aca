// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A running domain with the guest of {@code testing/guests/keys.asm}: it shows, and says on its serial port, what it is sent. */
final class KeysGuest {

    private static final Duration BOOT = Duration.ofSeconds(30);

    private final Libvirtd libvirt;
    private final String name;
    private final Path log;
    private final Path socket;

    /** Starts the domain and waits until the guest is up. */
    KeysGuest(Libvirtd libvirt, String name) {
        this.libvirt = libvirt;
        this.name = name;
        Path guests = Programs.root().resolve("testing/guests");
        String image = Programs.run(guests.resolve("build-keys.sh").toString()).trim();
        socket = libvirt.directory().resolve(name + ".serial");
        log = libvirt.directory().resolve(name + ".log");
        try {
            libvirt.define(
                    name,
                    Files.readString(guests.resolve("keys.xml"))
                            .replace("@NAME@", name)
                            .replace("@TYPE@", "qemu")
                            .replace("@IMAGE@", image)
                            .replace("@DIR@", libvirt.directory().toString()));
            libvirt.virsh("start", name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Programs.await("the guest is up", BOOT, () -> !reports("READY").isEmpty());
    }

    String name() {
        return name;
    }

    /** The lines the guest has written so far that begin with this word. */
    List<String> reports(String word) {
        return lines().stream().filter(l -> l.startsWith(word + " ")).toList();
    }

    /** All whole lines the guest has written so far. */
    List<String> lines() {
        try {
            String text = Files.exists(log) ? Files.readString(log, StandardCharsets.ISO_8859_1) : "";
            return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Gives the guest a command and waits for its OK. */
    void command(String command) {
        int before = answers();
        // A connection for each command: one that nobody reads from would hold the guest up when it is full.
        try (SocketChannel serial = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            ByteBuffer bytes = ByteBuffer.wrap((command + "\n").getBytes(StandardCharsets.US_ASCII));
            while (bytes.hasRemaining()) {
                serial.write(bytes);
            }
            Programs.await("the guest answers '" + command + "'", Duration.ofSeconds(10), () -> answers() > before);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String answer =
                lines().stream().filter(KeysGuest::isAnswer).reduce((a, b) -> b).orElseThrow();
        if (!answer.equals("OK")) {
            throw new AssertionError("the guest refuses '" + command + "'");
        }
    }

    private int answers() {
        return (int) lines().stream().filter(KeysGuest::isAnswer).count();
    }

    private static boolean isAnswer(String line) {
        return line.equals("OK") || line.equals("ERR");
    }

    /** The guest's screen as the hypervisor has it. */
    Picture screenshot() {
        return libvirt.screenshot(name);
    }
}
