// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A guest built with librdpmux: the program {@code guest_librdpmux} of the bench tools, which has the real libnanomsg and
 * libzmq. It shows a still screen until {@link #paint}, and what it painted last until it is ended.
 */
final class MuxGuest {

    /** All versions of the protocol, with those that differ on the wire. */
    static final List<String> PROTOCOLS = List.of("1", "2n", "2z", "3", "4a", "4b", "4c", "5");

    /** The same in each run, so that a failure comes again. */
    private static final Random FIRST_FRAMES = new Random(4711);

    private static final Pattern REGISTERED = Pattern.compile("registered id=(\\d+)");
    private static final Pattern MOMENT = Pattern.compile("(?m)^\\d+\\.\\d+ ");

    /** What a guest prints when it was not treated as its library expects. */
    private static final List<String> COMPLAINTS =
            List.of("FROZEN", "unreadable", "WITHOUT", "unknown type", "another");

    private final String proto;
    private final String name;
    private final Background process;

    private MuxGuest(String proto, String name, Background process) {
        this.proto = proto;
        this.name = name;
        this.process = process;
    }

    /** Compiles the guests and gives the directory they are in. */
    static Path build() {
        Path tools = Programs.root().resolve("testing/bench/target/tools");
        Programs.run(Programs.root().resolve("testing/bench/tools/build.sh").toString(), tools.toString());
        return tools;
    }

    static MuxGuest start(Programs programs, Path tools, Bus bus, String proto, String... options) {
        return start(programs, tools, bus, Map.of(), proto, options);
    }

    /** One that {@code fault_in_guest} breaks when it has sent so many bytes: {@code kill} or {@code garbage}. */
    static MuxGuest startFaulty(Programs programs, Path tools, Bus bus, String fault, int at, String... options) {
        String library = tools.resolve("fault_in_guest.so").toString();
        Map<String, String> environment =
                Map.of("LD_PRELOAD", library, "FAULT", fault, "FAULT_AT", Integer.toString(at));
        return start(programs, tools, bus, environment, "5", options);
    }

    private static MuxGuest start(
            Programs programs, Path tools, Bus bus, Map<String, String> environment, String proto, String... options) {
        String uuid = UUID.randomUUID().toString();
        List<String> command =
                new ArrayList<>(List.of(tools.resolve("guest_librdpmux").toString()));
        command.addAll(options(programs, proto));
        command.addAll(List.of("--uuid", uuid, "--delay", "3600", "--linger", "3600"));
        command.addAll(List.of(options));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("DBUS_SYSTEM_BUS_ADDRESS", bus.address());
        builder.environment().putAll(environment);
        Background process = programs.start(builder);
        String name = proto.equals("1") ? "guest_librdpmux-" + process.pid() : uuid;
        MuxGuest guest = new MuxGuest(proto, name, process);
        programs.atEnd(guest::end);
        return guest;
    }

    /** What every guest of this protocol is told. What they paint depends on the number of the first frame. */
    static List<String> options(Programs programs, String proto) {
        try {
            Path frames = Files.createTempFile(programs.directory(), "guest", ".frames");
            int first = FIRST_FRAMES.nextInt(1, 1000);
            Files.write(frames, new byte[] {(byte) first, (byte) (first >> 8), 0, 0});
            return List.of("--proto", proto, "--path", "/org/RDPMux/RDPMux/v" + proto.charAt(0), "--log", "" + frames);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String proto() {
        return proto;
    }

    /** Under which the agent lists it. */
    String name() {
        return name;
    }

    Background process() {
        return process;
    }

    /** Begins to paint. */
    void paint() {
        process.signal("USR1");
    }

    void awaitPainted() {
        process.awaitOutput("painted=");
    }

    /** What it was sent so far: a line for each key and mouse message. */
    List<String> input() {
        return MOMENT.matcher(process.output())
                .replaceAll("")
                .lines()
                .filter(line -> line.startsWith("key ") || line.startsWith("mouse "))
                .toList();
    }

    List<String> complaints() {
        return process.output()
                .lines()
                .filter(line -> COMPLAINTS.stream().anyMatch(line::contains))
                .toList();
    }

    /** What stands in its shared memory now. */
    Picture screen(int width, int height) {
        return screen(process::output, width, height);
    }

    static Picture screen(Supplier<String> output, int width, int height) {
        return screen(sharedMemory(output.get()).orElseThrow(), width, height);
    }

    static Picture screen(Path memory, int width, int height) {
        ByteBuffer bytes = ByteBuffer.allocate(width * height * 4).order(ByteOrder.LITTLE_ENDIAN);
        try (FileChannel file = FileChannel.open(memory)) {
            while (bytes.hasRemaining() && file.read(bytes) > 0) {
                continue;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        int[] pixels = new int[width * height];
        bytes.flip();
        bytes.asIntBuffer().get(pixels);
        return new Picture(width, height, pixels).map(pixel -> pixel & 0xffffff);
    }

    /** The file a guest made, by what it printed; its library leaves it behind. */
    static Optional<Path> sharedMemory(String output) {
        Matcher registered = REGISTERED.matcher(output);
        return registered.find()
                ? Optional.of(Path.of("/dev/shm/" + registered.group(1) + ".rdpmux"))
                : Optional.empty();
    }

    void end() throws IOException {
        process.end();
        Optional<Path> left = sharedMemory(process.output());
        if (left.isPresent()) {
            Files.deleteIfExists(left.get());
        }
    }
}
