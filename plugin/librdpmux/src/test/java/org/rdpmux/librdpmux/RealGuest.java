// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.librdpmux;

import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A guest over the real libnanomsg and libzmq: the program {@code guest_librdpmux} of the bench tools. It shows a still
 * screen until {@link #paint}, and what it painted last until {@link #leave}, unless its options say otherwise.
 */
final class RealGuest implements AutoCloseable {

    private static final Pattern REGISTERED = Pattern.compile("registered id=(\\d+) uuid=\\S+ at (\\S+)");

    final String proto;
    final String uuid;
    private final Process process;
    private final Path output;

    private RealGuest(String proto, String uuid, Process process, Path output) {
        this.proto = proto;
        this.uuid = uuid;
        this.process = process;
        this.output = output;
    }

    /** The compiled program, or null if it or what it takes to compile it is not there. */
    static Path compile(Path directory) throws IOException, InterruptedException {
        Path source = null;
        for (Path at = Path.of("").toAbsolutePath(); at != null && source == null; at = at.getParent()) {
            Path candidate = at.resolve("testing/bench/tools/guest_librdpmux.c");
            source = Files.exists(candidate) ? candidate : null;
        }
        if (source == null || !Wait.isInstalled("gcc", "pkg-config")) {
            return null;
        }
        Path program = directory.resolve("guest_librdpmux");
        Process compiler = new ProcessBuilder(
                        "sh",
                        "-c",
                        "gcc -O2 -o '" + program + "' '" + source
                                + "' $(pkg-config --cflags --libs gio-2.0 libzmq) -lnanomsg")
                .inheritIO()
                .start();
        return compiler.waitFor() == 0 ? program : null;
    }

    static RealGuest start(Path program, PrivateBus bus, String proto, String... more) throws IOException {
        return start(program, bus, Map.of(), proto, more);
    }

    /** One that has a library mapped, and registers where guests usually do. */
    static RealGuest preloaded(Path program, PrivateBus bus, Path library, String proto, String... more)
            throws IOException {
        List<String> options = new ArrayList<>(List.of(more));
        options.addAll(List.of("--path", RdpmuxObject.PATH));
        return start(program, bus, Map.of("LD_PRELOAD", library.toString()), proto, options.toArray(String[]::new));
    }

    private static RealGuest start(
            Path program, PrivateBus bus, Map<String, String> environment, String proto, String... more)
            throws IOException {
        String uuid = UUID.randomUUID().toString();
        Path output = Files.createTempFile(program.getParent(), "guest-" + proto + "-", ".out");
        List<String> command = new ArrayList<>(List.of(
                program.toString(),
                "--proto",
                proto,
                "--path",
                "/org/RDPMux/RDPMux/v" + proto.charAt(0),
                "--uuid",
                uuid,
                "--log",
                output + ".frames",
                "--delay",
                "3600",
                "--linger",
                "3600",
                "--leave",
                leave(output).toString()));
        command.addAll(List.of(more));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        builder.environment().put("DBUS_SYSTEM_BUS_ADDRESS", bus.address());
        return new RealGuest(proto, uuid, builder.start(), output);
    }

    /** The key it is registered under. */
    String key() {
        return proto.equals("1")
                ? "process-" + process.pid() + "-"
                        + new ProcessTable()
                                .identify((int) process.pid())
                                .orElseThrow()
                                .startTime()
                : uuid;
    }

    int pid() {
        return (int) process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    String output() throws IOException {
        return Files.readString(output);
    }

    /** Begins to paint. */
    void paint() throws IOException, InterruptedException {
        signal("USR1");
    }

    void awaitPainted() {
        Wait.until(proto + " has painted", () -> {
            if (!process.isAlive()) {
                throw new AssertionError("it ended with " + process.exitValue() + ": " + output());
            }
            return output().contains("painted=");
        });
    }

    private static Path leave(Path output) {
        return Path.of(output + ".leave");
    }

    /** Ends in good order. */
    void leave() throws IOException {
        Files.createFile(leave(output));
    }

    int awaitExit() throws InterruptedException {
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            throw new AssertionError("guest " + proto + " did not end");
        }
        return process.exitValue();
    }

    File sharedMemory() throws IOException {
        Matcher matcher = REGISTERED.matcher(output());
        if (!matcher.find()) {
            throw new AssertionError("guest " + proto + " did not register: " + output());
        }
        return new File("/dev/shm/" + matcher.group(1) + ".rdpmux");
    }

    /** The pixels in its shared memory as they are, without the unused byte. */
    int[] screen(int width, int height) throws IOException {
        int[] pixels = new int[width * height];
        try (var in = Files.newByteChannel(sharedMemory().toPath())) {
            ByteBuffer bytes = ByteBuffer.allocate(pixels.length * 4).order(ByteOrder.LITTLE_ENDIAN);
            while (bytes.hasRemaining() && in.read(bytes) > 0) {
                continue;
            }
            bytes.flip();
            bytes.asIntBuffer().get(pixels);
        }
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] &= 0xffffff;
        }
        return pixels;
    }

    void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .start()
                .waitFor();
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        process.onExit().join();
        Matcher matcher = REGISTERED.matcher(output());
        if (matcher.find()) {
            Files.deleteIfExists(Path.of("/dev/shm/" + matcher.group(1) + ".rdpmux"));
        }
    }
}
