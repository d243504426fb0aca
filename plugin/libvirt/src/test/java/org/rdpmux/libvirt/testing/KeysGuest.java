// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.libvirt.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/** A domain of the boot sector guest {@code testing/guests/keys.asm}, which describes what it reports and understands. */
public final class KeysGuest {
    private final PrivateLibvirtd libvirtd;
    private final String name;

    KeysGuest(PrivateLibvirtd libvirtd, String name) {
        this.libvirtd = libvirtd;
        this.name = name;
        try {
            libvirtd.virsh("define", xmlFile().toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path xmlFile() throws IOException {
        Path guests = PrivateLibvirtd.sources().resolve("testing/guests");
        String image =
                PrivateLibvirtd.run(List.of(guests.resolve("build-keys.sh").toString()));
        String xml = Files.readString(guests.resolve("keys.xml"))
                .replace("@TYPE@", "qemu")
                .replace("</name>", "</name><uuid>" + uuid() + "</uuid>")
                .replace("@NAME@", name)
                .replace("@IMAGE@", image)
                .replace("@DIR@", libvirtd.dir().toString());
        return Files.writeString(libvirtd.dir().resolve(name + ".xml"), xml);
    }

    public String name() {
        return name;
    }

    /** Always the same for a name, so that it can be defined again. */
    public UUID uuid() {
        return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
    }

    /** Starts it and waits until it is up. */
    public void start() {
        libvirtd.virsh("start", name);
        awaitUp();
    }

    /** Waits until it reports that it is up. */
    public void awaitUp() {
        awaitReport(lines -> lines.stream().anyMatch(line -> line.startsWith("MODE ")));
    }

    /** What it has reported since it was first started. */
    public List<String> reports() {
        try {
            Path log = libvirtd.dir().resolve(name + ".log");
            return Files.exists(log)
                    ? Files.readString(log, StandardCharsets.ISO_8859_1).lines().toList()
                    : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until what it has reported satisfies the condition; at most 60 s. */
    public void awaitReport(Predicate<List<String>> condition) {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!condition.test(reports())) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError(name + " has reported " + reports());
            }
            LockSupport.parkNanos(10_000_000);
        }
    }

    /** Sends it a command and waits for its answer. */
    public void command(String command) {
        int before = reports().size();
        try (SocketChannel serial = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            serial.connect(UnixDomainSocketAddress.of(libvirtd.dir().resolve(name + ".serial")));
            serial.write(ByteBuffer.wrap((command + "\n").getBytes(StandardCharsets.US_ASCII)));
            awaitReport(lines -> lines.stream().skip(before).anyMatch(line -> line.equals("OK") || line.equals("ERR")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
