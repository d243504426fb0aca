// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.librdpmux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A D-Bus daemon of the test's own, which can be restarted at the same address. */
final class PrivateBus implements AutoCloseable {

    private final Path directory;
    private final Path socket;
    private Process daemon;

    /** A bus on which everybody may do everything. */
    PrivateBus(Path directory) throws IOException {
        this(directory, """
                <policy context="default">
                  <allow user="*"/>
                  <allow own="*"/>
                  <allow send_destination="*" eavesdrop="true"/>
                  <allow receive_sender="*"/>
                </policy>
                """);
    }

    /** A bus where this holds beside what the bus itself needs. */
    PrivateBus(Path directory, String policy) throws IOException {
        this.directory = directory;
        this.socket = directory.resolve("bus");
        Files.writeString(directory.resolve("bus.conf"), """
                <!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-BUS Bus Configuration 1.0//EN"
                 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
                <busconfig>
                  <type>system</type>
                  <listen>unix:path=%s</listen>
                  <auth>EXTERNAL</auth>
                  %s
                </busconfig>
                """.formatted(socket, policy));
        start();
    }

    static boolean isInstalled() {
        return Wait.isInstalled("dbus-daemon");
    }

    String address() {
        return "unix:path=" + socket;
    }

    void start() throws IOException {
        Path log = directory.resolve("bus.log");
        daemon = new ProcessBuilder(
                        "dbus-daemon", "--config-file=" + directory.resolve("bus.conf"), "--nofork", "--print-address")
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        Wait.until("the bus listens", () -> Files.readString(log).contains(socket.toString()));
    }

    void stop() throws IOException {
        daemon.destroy();
        try {
            if (!daemon.waitFor(Wait.SECONDS, TimeUnit.SECONDS)) {
                daemon.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Files.deleteIfExists(socket);
    }

    @Override
    public void close() throws IOException {
        stop();
    }
}
