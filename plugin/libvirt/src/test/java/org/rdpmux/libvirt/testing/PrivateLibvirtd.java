// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.libvirt.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A libvirtd of the test's own, with its domains, by {@code testing/bin/private-libvirtd}. Needs root, libvirtd and QEMU;
 * closing it leaves no process behind.
 */
public final class PrivateLibvirtd implements AutoCloseable {
    private static final long COMMAND_SECONDS = 180;

    private final Path dir;

    private PrivateLibvirtd(Path dir) {
        this.dir = dir;
    }

    /** Whether the programs it needs are installed, and may be used. For {@code @EnabledIf}. */
    public static boolean available() {
        return "root".equals(System.getProperty("user.name"))
                && Files.isExecutable(Path.of("/usr/sbin/libvirtd"))
                && Files.isExecutable(Path.of("/usr/bin/qemu-system-x86_64"))
                && Files.isExecutable(Path.of("/usr/bin/nasm"));
    }

    /** Starts one that keeps everything in {@code dir}, whose path has to be short. */
    public static PrivateLibvirtd start(Path dir) {
        PrivateLibvirtd libvirtd = new PrivateLibvirtd(dir);
        libvirtd.control("start");
        return libvirtd;
    }

    /** The folder of the whole source tree. */
    public static Path sources() {
        Path dir = Path.of("").toAbsolutePath();
        while (!Files.exists(dir.resolve("testing/bin/private-libvirtd"))) {
            dir = dir.getParent();
            if (dir == null) {
                throw new IllegalStateException(
                        "not within the source tree: " + Path.of("").toAbsolutePath());
            }
        }
        return dir;
    }

    /** The URI to connect to. */
    public String uri() {
        return "qemu+unix:///system?socket=" + socket();
    }

    /** The socket it listens on. */
    public Path socket() {
        return dir.resolve("run/libvirt-sock");
    }

    /** Its directory: {@code run}, {@code lib}, {@code etc}, {@code log} and {@code cache} are in it. */
    public Path dir() {
        return dir;
    }

    /** Kills the daemon, not its domains. */
    public void kill() {
        control("kill");
    }

    /** Starts the daemon anew after {@link #kill}. */
    public void startAgain() {
        control("start");
    }

    /** Runs virsh and returns what it prints; several commands in one run if they are separated by semicolons. */
    public String virsh(String... arguments) {
        List<String> command = new ArrayList<>(List.of("virsh", "-q", "-c", uri()));
        command.addAll(List.of(arguments));
        return run(command);
    }

    /** Defines a domain of the boot sector guest; it is off. */
    public KeysGuest keys(String name) {
        return new KeysGuest(this, name);
    }

    /** The process id of the daemon. */
    public long pid() {
        return number(dir.resolve("run/libvirtd.pid"));
    }

    /** The process id of a running domain's QEMU. */
    public long qemuPid(String name) {
        return number(dir.resolve("run/qemu").resolve(name + ".pid"));
    }

    /** Sends a signal, such as {@code STOP}, to one process. */
    public static void signal(String signal, long pid) {
        run(List.of("/bin/kill", "-" + signal, String.valueOf(pid)));
    }

    @Override
    public void close() {
        control("stop");
    }

    private void control(String command) {
        run(List.of(sources().resolve("testing/bin/private-libvirtd").toString(), command, dir.toString()));
    }

    private static long number(Path file) {
        try {
            return Long.parseLong(Files.readString(file).trim());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs a command to its end and returns its standard output; it has to succeed. */
    static String run(List<String> command) {
        try {
            Path out = Files.createTempFile("run", ".out");
            Path err = Files.createTempFile("run", ".err");
            try {
                Process process = new ProcessBuilder(command)
                        .redirectInput(ProcessBuilder.Redirect.from(
                                Path.of("/dev/null").toFile()))
                        .redirectOutput(out.toFile())
                        .redirectError(err.toFile())
                        .start();
                if (!process.waitFor(COMMAND_SECONDS, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                    throw new IllegalStateException(command + " takes more than " + COMMAND_SECONDS + " s");
                }
                if (process.exitValue() != 0) {
                    throw new IllegalStateException(command + " fails with " + process.exitValue() + ": "
                            + Files.readString(err).strip());
                }
                return Files.readString(out, StandardCharsets.UTF_8).strip();
            } finally {
                Files.deleteIfExists(out);
                Files.deleteIfExists(err);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
