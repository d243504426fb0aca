// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.rdpmux.pdu.share.InclusiveRect;
import org.rdpmux.testkit.rdp.ClientOptions;
import org.rdpmux.testkit.rdp.RdpClient;

/**
 * Guests built with librdpmux that break, or mean no good, beside one that does what it should: its viewer goes on seeing
 * it, and the agent gives back what the others cost.
 */
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class LibrdpmuxFaultsIT {

    private static final int WIDTH = 1280;
    private static final int HEIGHT = 880;
    private static final String SIZE = WIDTH + "x" + HEIGHT;

    /** What a guest over ZeroMQ says: a greeting, READY, then messages of a UUID and a payload. */
    private static final int GREETING = 64;

    private static final int READY = 43;
    private static final int MESSAGE = 64;
    private static final int UUID = 38;

    private static final long MEMORY_BYTES = 32L << 20;
    private static final long HUGE = 1L << 40;
    private static final int NOBODY = 65534;
    private static final int REFUSED = 4;
    private static final int GUESTS_OF_A_PROCESS = 4;
    private static final int CALLS_AT_ONCE = 40;
    private static final Pattern SOCKET = Pattern.compile(" at ipc://(\\S+)");

    @RegisterExtension
    static Programs programs = new Programs();

    private static Path tools;
    private static Bus bus;
    private static Agent agent;

    private MuxGuest good;
    private Viewer viewer;
    private Picture seenLast = new Picture(0, 0, new int[0]);

    @BeforeAll
    static void start() {
        tools = MuxGuest.build();
        bus = new Bus(programs);
        Map<String, String> settings =
                Map.of("libvirt.uri", "", "librdpmux.bus", bus.address(), "librdpmux.unmanaged", "yes");
        agent = new Agent(programs, settings).start();
        agent.process().awaitOutput("Guests can register");
    }

    @Test
    void faultsOfOthersDisturbNobodyAndLeaveNothingBehind() throws Exception {
        good = guest("--scene", "window", "--fps", "5", "--seconds", "3600", "--size", SIZE);
        int port = agent.awaitPort(good.name());
        viewer = new Viewer(programs, Clients.XFREERDP_32, port);
        viewer.awaitShows(() -> good.screen(WIDTH, HEIGHT));
        good.paint();
        for (int i = 0; i < 16; i++) { // a thread for each of the agent's loops
            look(port).close();
        }
        everything(20, CALLS_AT_ONCE);
        ProcessResources before = held();
        everything(500, 2000);
        Wait.until(
                "the agent holds no more than before: " + before.counts(),
                () -> ProcessResources.of(agent.process()).isWithin(before),
                () -> ProcessResources.of(agent.process()).grownSince(before));
        assertEquals(List.of(), good.complaints());
        assertEquals(port, agent.awaitPort(good.name()));
    }

    private void everything(int processes, int calls) throws Exception {
        memoryIsTakenAway();
        stillShown("while a guest's shared memory was taken away");
        guestsAreKilledInMidMessage();
        stillShown("while guests were killed");
        guestsSendGarbage();
        strangersSendGarbage();
        stillShown("while garbage was sent");
        aSecondProcessClaimsTheUuid();
        theBusIsRestarted();
        stillShown("over a restart of the bus");
        String registered = whileShown(processes, GUESTS_OF_A_PROCESS, GUESTS_OF_A_PROCESS);
        assertEquals("registered=" + processes * GUESTS_OF_A_PROCESS + " refused=0 unanswered=0", registered);
        String over = whileShown(1, calls, GUESTS_OF_A_PROCESS);
        assertTrue(over.endsWith("unanswered=0"), over);
        assertTrue(calls <= CALLS_AT_ONCE || !over.contains("refused=0"), over);
    }

    /** What the agent holds when all but the good guest are gone. */
    private ProcessResources held() {
        Wait.until("one guest is left", () -> agent.consoles().size() == 1, agent::consoles);
        Wait.until(
                "the threads that open shared memory ended",
                () -> ProcessResources.of(agent.process()).threads().keySet().stream()
                        .noneMatch(name -> name.startsWith("librdpmux-open")));
        return ProcessResources.atRest(agent.process());
    }

    private static MuxGuest guest(String... options) {
        return MuxGuest.start(programs, tools, bus, "5", options);
    }

    private void stillShown(String when) {
        seenLast = viewer.awaitShows(
                () -> good.screen(WIDTH, HEIGHT),
                "and what was painted " + when,
                picture -> picture.difference(seenLast).isPresent());
    }

    private static RdpClient look(int port) throws IOException {
        RdpClient client = RdpClient.connect(new InetSocketAddress("127.0.0.1", port), ClientOptions.DEFAULT);
        programs.atEnd(client::close);
        return client.awaitActive();
    }

    private static Picture seen(RdpClient client) {
        synchronized (client) {
            return new Picture(client.width(), client.height(), client.screen());
        }
    }

    private static boolean shows(RdpClient client, Picture wanted) {
        return seen(client).difference(wanted).isEmpty();
    }

    private static void awaitShows(RdpClient client, Supplier<Picture> screen) {
        Wait.until(
                "the screen",
                () -> shows(client, screen.get()),
                () -> seen(client).difference(screen.get()));
    }

    /** Waits for a warning about this guest, in what the agent said since it had said so much. */
    private static void awaitWarned(int said, MuxGuest guest, String what) {
        awaitWarned(said, guest, what, () -> true);
    }

    private static void awaitWarned(int said, MuxGuest guest, String what, BooleanSupplier meanwhile) {
        Pattern warning = Pattern.compile("process " + guest.process().pid() + "\\): .*" + Pattern.quote(what));
        Wait.until(
                "a warning about " + guest.process() + ": " + what,
                () -> meanwhile.getAsBoolean()
                        && warning.matcher(agent.process().output().substring(said))
                                .find());
    }

    private static int said() {
        return agent.process().output().length();
    }

    // ---- shared memory

    /** Puts something in the place of a guest's shared memory. */
    private interface Replacement {
        void make(Path place) throws IOException;
    }

    private void memoryIsTakenAway() throws Exception {
        MuxGuest guest = guest("--seconds", "3600", "--fps", "20", "--size", SIZE);
        RdpClient client = look(agent.awaitPort(guest.name()));
        awaitShows(client, () -> guest.screen(WIDTH, HEIGHT));
        Path name = MuxGuest.sharedMemory(guest.process().output()).orElseThrow();
        Path own = Path.of(name + ".own");
        Files.createLink(own, name);
        programs.atEnd(() -> Files.deleteIfExists(own));
        Picture still = MuxGuest.screen(own, WIDTH, HEIGHT);
        Files.delete(name);
        guest.paint();
        awaitShows(client, () -> MuxGuest.screen(own, WIDTH, HEIGHT)); // what was opened stays open
        Wait.until("it paints", () -> !shows(client, still));

        // From here on the guest paints into a file that nobody reads, but says that its screen changed.
        guest.process().signal("STOP"); // it would not survive a look at memory that is gone
        int said = said();
        resize(own, 0);
        awaitWarned(said, guest, "No such file", () -> lookAgain(client));
        share(name, still);
        awaitShows(client, () -> still);
        resize(own, MEMORY_BYTES);
        guest.process().signal("CONT");
        Files.delete(own);

        Path remote = MuxGuest.sharedMemory(good.process().output()).orElseThrow();
        String notRegular = "is not a regular file";
        refused(guest, client, "it is too small", Files::createFile);
        refused(guest, client, notRegular, place -> Files.createSymbolicLink(place, remote));
        refused(guest, client, notRegular, place -> Files.createSymbolicLink(place, Path.of("/dev/zero")));
        refused(guest, client, notRegular, place -> Programs.run("mkfifo", place.toString()));
        refused(guest, client, notRegular, Files::createDirectory);
        refused(guest, client, "belongs to user " + NOBODY, place -> {
            share(place, still);
            Programs.run("chown", Integer.toString(NOBODY), place.toString());
        });
        replace(name, place -> resize(place, HUGE));
        awaitShows(client, () -> new Picture(WIDTH, HEIGHT, new int[WIDTH * HEIGHT]));
        replace(name, place -> share(place, still));
        awaitShows(client, () -> still);
        assertEquals(List.of(), client.violations());
        client.close();
        guest.end();
    }

    /** The agent does not read what is there instead, says so, and shows what comes after it. */
    private static void refused(MuxGuest guest, RdpClient client, String reason, Replacement instead) throws Exception {
        Path name = MuxGuest.sharedMemory(guest.process().output()).orElseThrow();
        int said = said();
        replace(name, instead);
        awaitWarned(said, guest, reason);
        Picture inverse = seen(client).map(pixel -> ~pixel & 0xffffff);
        replace(name, place -> share(place, inverse));
        awaitShows(client, () -> inverse);
    }

    private static void replace(Path name, Replacement replacement) throws IOException {
        if (Files.isRegularFile(name, LinkOption.NOFOLLOW_LINKS)) {
            resize(name, 0); // whoever has it open has to look for another
        }
        Files.deleteIfExists(name);
        replacement.make(name);
    }

    private static void resize(Path file, long bytes) throws IOException {
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
            open.setLength(bytes);
        }
    }

    private static void share(Path place, Picture picture) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(WIDTH * HEIGHT * 4).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asIntBuffer().put(picture.pixels());
        Path made = Path.of(place + ".made");
        programs.atEnd(() -> Files.deleteIfExists(made));
        try (RandomAccessFile file = new RandomAccessFile(made.toFile(), "rw")) {
            file.setLength(MEMORY_BYTES);
            file.write(bytes.array());
        }
        Files.move(made, place);
    }

    /** Has the agent read the whole screen, though the guest says nothing: for a while nobody looks on. */
    private static boolean lookAgain(RdpClient client) {
        client.suppressOutput(Optional.empty());
        Wait.pause(Duration.ofMillis(1100));
        client.suppressOutput(Optional.of(new InclusiveRect(0, 0, WIDTH - 1, HEIGHT - 1)));
        return true;
    }

    // ---- messages

    private static void guestsAreKilledInMidMessage() throws Exception {
        List<MuxGuest> guests = new ArrayList<>();
        for (int at : List.of(GREETING / 2, GREETING + READY / 2, GREETING + READY + UUID / 2)) {
            guests.add(MuxGuest.startFaulty(programs, tools, bus, "kill", at, "--size", SIZE));
        }
        int inUpdate = GREETING + READY + MESSAGE + UUID + 10;
        MuxGuest seen = MuxGuest.startFaulty(programs, tools, bus, "kill", inUpdate, "--size", SIZE);
        guests.add(seen);
        RdpClient client = look(agent.awaitPort(seen.name()));
        awaitShows(client, () -> seen.screen(WIDTH, HEIGHT));
        seen.paint();
        client.await("the guest's end", RdpClient::hasEnded, Wait.LIMIT);
        client.close();
        for (MuxGuest guest : guests) {
            assertEquals(128 + 9, guest.process().awaitEnd());
            guest.end();
            Wait.until("it is gone", () -> agent.console(guest.name()).isEmpty(), agent::consoles);
        }
    }

    private static void guestsSendGarbage() throws Exception {
        for (int at : List.of(0, GREETING + 2, GREETING + READY, GREETING + READY + MESSAGE + UUID)) {
            int said = said();
            MuxGuest guest = MuxGuest.startFaulty(
                    programs, tools, bus, "garbage", at, "--fps", "60", "--seconds", "3600", "--size", SIZE);
            guest.process().awaitOutput("registered");
            guest.paint();
            awaitWarned(said, guest, "");
            guest.end();
        }
    }

    /** Only the process that registered may use its socket. */
    private void strangersSendGarbage() throws IOException {
        Matcher socket = SOCKET.matcher(good.process().output());
        assertTrue(socket.find(), good.process().output());
        byte[] noise = new byte[4096];
        new Random(4711).nextBytes(noise);
        for (int i = 0; i < 10; i++) {
            try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket.group(1)))) {
                channel.write(ByteBuffer.wrap(noise));
                assertEquals(-1, channel.read(ByteBuffer.allocate(1)));
            } catch (IOException e) {
                assertTrue(e.getMessage().matches("Broken pipe|Connection reset.*"), e.toString());
            }
        }
    }

    // ---- the bus

    private void aSecondProcessClaimsTheUuid() throws IOException {
        MuxGuest second = guest("--uuid", good.name(), "--size", SIZE);
        assertEquals(REFUSED, second.process().awaitEnd());
        second.end();
    }

    private void theBusIsRestarted() {
        int said = said();
        bus.stop();
        stillShown("without a bus");
        bus.start();
        Wait.until(
                "the agent is on the bus again",
                () -> agent.process().output().substring(said).contains("Guests can register"));
    }

    /** Has many processes register, and gives what they say at the end. */
    private String whileShown(int processes, int calls, int screens) {
        ProcessBuilder builder = new ProcessBuilder(
                tools.resolve("register_many").toString(),
                Integer.toString(processes),
                Integer.toString(calls),
                Integer.toString(screens));
        builder.environment().put("DBUS_SYSTEM_BUS_ADDRESS", bus.address());
        Background callers = programs.start(builder);
        do {
            stillShown("while processes registered");
        } while (callers.isAlive());
        assertEquals(0, callers.awaitEnd());
        return callers.output().strip();
    }
}
