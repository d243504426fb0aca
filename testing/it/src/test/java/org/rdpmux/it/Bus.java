// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A D-Bus daemon of the test's own, on which everybody may do everything; it can be restarted at the same address. */
final class Bus {

    private final Programs programs;
    private final Path configuration;
    private final Path socket;
    private Background daemon;

    Bus(Programs programs) {
        this.programs = programs;
        Path directory = programs.newDirectory("bus");
        try {
            socket = directory.resolve("socket");
            configuration = directory.resolve("bus.conf");
            Files.writeString(configuration, """
                    <!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-BUS Bus Configuration 1.0//EN"
                     "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
                    <busconfig>
                      <type>system</type>
                      <listen>unix:path=%s</listen>
                      <auth>EXTERNAL</auth>
                      <policy context="default">
                        <allow user="*"/>
                        <allow own="*"/>
                        <allow send_destination="*"/>
                        <allow receive_sender="*"/>
                      </policy>
                    </busconfig>
                    """.formatted(socket));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        programs.atEnd(this::stop); // whichever runs then
        start();
    }

    void start() {
        daemon = programs.launch(
                new ProcessBuilder("dbus-daemon", "--config-file=" + configuration, "--nofork", "--print-address"));
        daemon.awaitOutput(socket.toString());
    }

    void stop() {
        daemon.end();
        try {
            Files.deleteIfExists(socket);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String address() {
        return "unix:path=" + socket;
    }
}
