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
import java.util.List;
import java.util.Map;

/**
 * A running domain whose guest takes commands and reports on its serial port what it is sent; {@code testing/guests} has
 * both kinds.
 */
class SerialGuest {

    /** The display that the templates have. */
    static final String VNC = "<graphics type='vnc' passwd='unguessd'><listen type='socket'/></graphics>";

    /** QEMU's D-Bus display, beside the other. */
    static final String DBUS = VNC + "<graphics type='dbus' p2p='yes'/>";

    private static final Path GUESTS = Programs.root().resolve("testing/guests");

    private final Libvirtd libvirt;
    private final String name;
    private final Path log;
    private final Path socket;

    /**
     * Starts the domain and waits until the guest is up.
     *
     * @param template the domain's XML in {@code testing/guests}
     * @param values what stands for its other placeholders
     */
    SerialGuest(Libvirtd libvirt, String name, String template, Map<String, String> values) {
        this.libvirt = libvirt;
        this.name = name;
        socket = libvirt.directory().resolve(name + ".serial");
        log = libvirt.directory().resolve(name + ".log");
        String xml = read(GUESTS.resolve(template))
                .replace("@NAME@", name)
                .replace("@TYPE@", "qemu")
                .replace("@DIR@", libvirt.directory().toString());
        for (var value : values.entrySet()) {
            xml = xml.replace(value.getKey(), value.getValue());
        }
        libvirt.define(name, xml);
        libvirt.virsh("start", name);
        Wait.until("the guest " + name + " is up", () -> !reports("READY").isEmpty(), this::lines);
    }

    /** Runs one of the guests' build scripts and gives what it built. */
    static String build(String script) {
        String output = Programs.run(GUESTS.resolve(script).toString()).trim();
        return output.substring(output.lastIndexOf('\n') + 1);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
        String text = Files.exists(log) ? read(log) : "";
        return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
    }

    /** Gives the guest a command and waits for its OK. */
    void command(String command) {
        int before = answers().size();
        // A connection for each command: one that nobody reads from would hold the guest up when it is full.
        try (SocketChannel serial = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            ByteBuffer bytes = ByteBuffer.wrap((command + "\n").getBytes(StandardCharsets.US_ASCII));
            while (bytes.hasRemaining()) {
                serial.write(bytes);
            }
            Wait.until("the guest answers '" + command + "'", () -> answers().size() > before, this::lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String answer = answers().get(before);
        if (!answer.equals("OK")) {
            throw new AssertionError("the guest answers '" + command + "' with " + answer);
        }
    }

    private List<String> answers() {
        return lines().stream()
                .filter(line -> line.equals("OK") || line.startsWith("ERR"))
                .toList();
    }

    /** The guest's screen as the hypervisor has it. */
    Picture screenshot() {
        return libvirt.screenshot(name);
    }
}
