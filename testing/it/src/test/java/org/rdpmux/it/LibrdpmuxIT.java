// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.rdpmux.testkit.rdp.ClientOptions;
import org.rdpmux.testkit.rdp.RdpClient;

/** Guests built with librdpmux, of every version of the protocol, on one agent at once. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class LibrdpmuxIT {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int WIDTH = 1280;
    private static final int HEIGHT = 880;
    private static final Pattern LISTED =
            Pattern.compile("(?m)^(\\S+) .* rdp://127\\.0\\.0\\.1:(\\d+) .*librdpmux \\d");

    @TempDir
    static Path directory;

    private static Programs programs;
    private static Path tools;
    private static Bus bus;
    private static Agent agent;

    @BeforeAll
    static void start() throws IOException {
        programs = new Programs(directory);
        tools = MuxGuest.build();
        bus = new Bus(programs);
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("libvirt.uri", "");
        settings.put("librdpmux.bus", bus.address());
        settings.put("librdpmux.unmanaged", "yes");
        settings.put("listen.ports", portsFrom(200));
        agent = new Agent(programs, settings).start();
        awaitOnBus(1);
    }

    @AfterAll
    static void stop() {
        programs.close();
    }

    private static String portsFrom(int count) throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int first = Math.min(free.getLocalPort(), 65535 - count);
            return first + "-" + (first + count);
        }
    }

    /** Waits until the agent's present life took its name so many times. */
    private static void awaitOnBus(int times) {
        Programs.await(
                "the agent is on the bus; it said: " + agent.process().output(),
                LIMIT,
                () -> agent.process().output().split("Guests can register", -1).length > times);
    }

    /** Each guest's port, once all have one. */
    private static Map<MuxGuest, Integer> ports(List<MuxGuest> guests) {
        return Programs.awaitValue("endpoints for all guests", LIMIT, () -> {
            Map<String, Integer> listed = new HashMap<>();
            Matcher line = LISTED.matcher(agent.ctl("list").output());
            while (line.find()) {
                listed.put(line.group(1), Integer.parseInt(line.group(2)));
            }
            Map<MuxGuest, Integer> ports = new LinkedHashMap<>();
            guests.stream()
                    .filter(guest -> listed.containsKey(guest.name()))
                    .forEach(guest -> ports.put(guest, listed.get(guest.name())));
            return ports.size() == guests.size() ? Optional.of(ports) : Optional.empty();
        });
    }

    private static List<MuxGuest> oneOfEach(Programs own, String... options) {
        return MuxGuest.PROTOCOLS.stream()
                .map(proto -> MuxGuest.start(own, tools, bus, proto, options))
                .toList();
    }

    private static void assertContent(MuxGuest guest) {
        assertEquals(List.of(), guest.complaints(), "guest " + guest.proto());
    }

    // ---- with xfreerdp

    @Test
    void everyVersionIsShownAndHeardAtOnce() {
        try (Programs own = new Programs(directory)) {
            List<MuxGuest> guests = oneOfEach(
                    own,
                    "--scene",
                    "window",
                    "--fps",
                    "20",
                    "--seconds",
                    "3",
                    "--size",
                    WIDTH + "x" + HEIGHT,
                    "--switch-at",
                    "1.5:1366x900");
            Map<MuxGuest, Window> windows = new LinkedHashMap<>();
            ports(guests).forEach((guest, port) -> {
                Desktop desktop = new Desktop(own);
                Window window = new Window(desktop, desktop.start(Clients.XFREERDP_32.command(port)));
                desktop.parkPointer();
                awaitSame(guest, window, WIDTH, HEIGHT);
                windows.put(guest, window);
            });
            windows.forEach((guest, window) -> assertInputArrives(guest, window.desktop));
            guests.forEach(MuxGuest::paint);
            guests.forEach(guest -> guest.awaitPainted(LIMIT));
            windows.forEach((guest, window) -> awaitSame(guest, window, 1366, 900));
            guests.forEach(LibrdpmuxIT::assertContent);
        }
    }

    /** A client on a desktop of its own. */
    private record Window(Desktop desktop, Programs.Background client) {}

    private static void awaitSame(MuxGuest guest, Window window, int width, int height) {
        Picture screen = guest.screen(width, height);
        assertTrue(screen.colours() > 1, "a screen of one colour shows nothing");
        try {
            Programs.await(
                    "guest " + guest.proto() + " is shown as it is",
                    LIMIT,
                    () -> window.desktop
                            .picture(width, height)
                            .difference(screen)
                            .isEmpty());
        } catch (AssertionError e) {
            Path kept = Programs.root().resolve("testing/it/target/librdpmux-" + guest.proto() + ".png");
            window.desktop.picture().save(kept);
            String difference =
                    window.desktop.picture(width, height).difference(screen).orElse("by now it is");
            throw new AssertionError(
                    e.getMessage() + ": " + difference + " (its window is in " + kept + "); the client said: "
                            + window.client.output(),
                    e);
        }
    }

    private static void assertInputArrives(MuxGuest guest, Desktop desktop) {
        desktop.type("mousemove", "100", "100");
        int before = quiet(guest);
        desktop.type(
                "key",
                "--delay",
                "40",
                "a",
                "Left",
                "KP_Enter",
                "mousemove",
                "300",
                "200",
                "click",
                "1",
                "click",
                "2",
                "click",
                "3",
                "click",
                "4",
                "mousedown",
                "1",
                "mousemove",
                "400",
                "250",
                "mouseup",
                "1");
        quiet(guest);
        List<String> heard = guest.input();
        assertEquals(
                List.of(
                        "key code=0x1e flags=0x4000",
                        "key code=0x1e flags=0x8000",
                        "key code=0xcb flags=0x4100",
                        "key code=0xcb flags=0x8100",
                        "key code=0x9c flags=0x4100",
                        "key code=0x9c flags=0x8100",
                        "mouse x=300 y=200 flags=0x0800",
                        "mouse x=300 y=200 flags=0x9000",
                        "mouse x=300 y=200 flags=0x1000",
                        "mouse x=300 y=200 flags=0xc000",
                        "mouse x=300 y=200 flags=0x4000",
                        "mouse x=300 y=200 flags=0xa000",
                        "mouse x=300 y=200 flags=0x2000",
                        "mouse x=300 y=200 flags=0x9000",
                        "mouse x=400 y=250 flags=0x0800",
                        "mouse x=400 y=250 flags=0x1000"),
                withoutMovesToTheSamePlace(heard.subList(before, heard.size())),
                "guest " + guest.proto());
        desktop.parkPointer();
    }

    /** A client says with each button where the pointer is. */
    private static List<String> withoutMovesToTheSamePlace(List<String> heard) {
        List<String> rest = new ArrayList<>();
        String place = "";
        for (String line : heard) {
            String there = line.replaceAll(" flags=.*", "");
            if (!there.equals(place) || !line.endsWith("flags=0x0800")) {
                rest.add(line);
            }
            place = line.startsWith("mouse ") ? there : place;
        }
        return rest;
    }

    /** Waits until the guest hears nothing more, and says how much it has heard. */
    private static int quiet(MuxGuest guest) {
        int[] seen = {-1};
        Programs.await("the guest is quiet", LIMIT, () -> {
            int now = guest.input().size();
            boolean quiet = now == seen[0];
            seen[0] = now;
            Programs.pause(Duration.ofMillis(300));
            return quiet;
        });
        return seen[0];
    }

    // ---- with the scripted client, which is light

    private static Map<MuxGuest, RdpClient> look(Programs own, Map<MuxGuest, Integer> ports) {
        Map<MuxGuest, RdpClient> clients = new LinkedHashMap<>();
        ports.forEach((guest, port) -> {
            try {
                RdpClient client = RdpClient.connect(new InetSocketAddress("127.0.0.1", port), ClientOptions.DEFAULT);
                own.atEnd(client::close);
                clients.put(guest, client.awaitActive());
            } catch (IOException e) {
                throw new AssertionError("no session with guest " + guest.proto(), e);
            }
        });
        return clients;
    }

    private static void awaitSame(MuxGuest guest, RdpClient client) {
        Picture screen = guest.screen(WIDTH, HEIGHT);
        assertTrue(screen.colours() > 1, "a screen of one colour shows nothing");
        client.await(
                "the screen of guest " + guest.proto(),
                c -> c.width() == WIDTH
                        && new Picture(WIDTH, HEIGHT, c.screen())
                                .difference(screen)
                                .isEmpty(),
                LIMIT);
        assertEquals(List.of(), client.violations());
    }

    @Test
    void noDamageIsLostAtAnyPaceAndAStillGuestCostsNothing() {
        int[] paces = {1, 2, 5, 10, 15, 20, 30, 40, 50, 60};
        String[] scenes = {"type", "scroll", "window", "video", "full"};
        try (Programs own = new Programs(directory)) {
            List<MuxGuest> guests = new ArrayList<>();
            for (int i = 0; i < paces.length; i++) {
                guests.add(MuxGuest.start(
                        own,
                        tools,
                        bus,
                        MuxGuest.PROTOCOLS.get(i % MuxGuest.PROTOCOLS.size()),
                        "--scene",
                        scenes[i % scenes.length],
                        "--fps",
                        Integer.toString(paces[i]),
                        "--seconds",
                        Double.toString(3 + i * 0.13),
                        "--size",
                        WIDTH + "x" + HEIGHT));
            }
            Map<MuxGuest, RdpClient> clients = look(own, ports(guests));
            clients.forEach(LibrdpmuxIT::awaitSame);
            List<Long> before =
                    clients.values().stream().map(c -> c.counters().bytes()).toList();
            Programs.pause(Duration.ofSeconds(2));
            assertEquals(
                    before,
                    clients.values().stream().map(c -> c.counters().bytes()).toList());
            guests.forEach(MuxGuest::paint);
            guests.forEach(guest -> guest.awaitPainted(LIMIT));
            clients.forEach(LibrdpmuxIT::awaitSame);
            guests.forEach(LibrdpmuxIT::assertContent);
        }
    }

    @Test
    void guestsOutliveTheBusAndTheAgentAndEachOther() throws Exception {
        try (Programs own = new Programs(directory)) {
            List<MuxGuest> guests =
                    new ArrayList<>(oneOfEach(own, "--fps", "20", "--seconds", "2", "--size", WIDTH + "x" + HEIGHT));
            Map<MuxGuest, Integer> ports = ports(guests);
            look(own, ports).forEach(LibrdpmuxIT::awaitSame);

            agent.process().signal("KILL");
            agent.process().awaitEnd(LIMIT);
            agent.start();
            awaitOnBus(1);
            assertEquals(ports, ports(guests));
            Map<MuxGuest, RdpClient> clients = look(own, ports);
            clients.forEach(LibrdpmuxIT::awaitSame);

            bus.stop();
            bus.start();
            awaitOnBus(2);
            MuxGuest newcomer = MuxGuest.start(
                    own, tools, bus, "5", "--seconds", "2", "--fps", "20", "--size", WIDTH + "x" + HEIGHT);
            look(own, ports(List.of(newcomer))).forEach((guest, client) -> {
                awaitSame(guest, client);
                clients.put(guest, client);
                guests.add(guest);
            });

            MuxGuest victim = guests.remove(3);
            victim.process().signal("KILL");
            clients.remove(victim).awaitEnd();
            Programs.await("the killed guest's endpoint is closed", LIMIT, () -> !Agent.accepts(ports.get(victim)));

            guests.forEach(MuxGuest::paint);
            guests.forEach(guest -> guest.awaitPainted(LIMIT));
            clients.forEach(LibrdpmuxIT::awaitSame);
            guests.forEach(LibrdpmuxIT::assertContent);
        }
    }

    // ---- under libvirt

    @Test
    void aDomainIsShownByItsOwnGuestAndByVncWhenThatIsGone() throws Exception {
        try (Programs own = new Programs(directory)) {
            Libvirtd libvirt = new Libvirtd(own);
            Bus domainBus = new Bus(own);
            Agent watching = new Agent(
                            own,
                            Map.of(
                                    "libvirt.uri", libvirt.uri(),
                                    "librdpmux.bus", domainBus.address(),
                                    "listen.ports", portsFrom(100)))
                    .start();
            watching.process().awaitOutput("Guests can register", LIMIT);
            String options = String.join(" ", MuxGuest.options(own, "5")) + " --size " + WIDTH + "x" + HEIGHT
                    + " --seconds 20 --fps 5";
            libvirt.define(
                    "muxed",
                    Guests.firmware("muxed")
                            .replace(
                                    "<domain type='qemu'>",
                                    "<domain type='qemu' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'>")
                            .replace("</domain>", """
                            <qemu:commandline>
                              <qemu:env name='LD_PRELOAD' value='%s'/>
                              <qemu:env name='GUEST_OPTIONS' value='%s'/>
                              <qemu:env name='DBUS_SYSTEM_BUS_ADDRESS' value='%s'/>
                            </qemu:commandline>
                            </domain>
                            """.formatted(
                                            tools.resolve("guest_in_qemu.so"), options, domainBus.address())));
            libvirt.virsh("start", "muxed");
            Path log = libvirt.directory().resolve("log/qemu/muxed.log");
            own.atEnd(() -> Files.deleteIfExists(
                    MuxGuest.sharedMemory(Files.readString(log)).orElse(log)));
            int port = watching.awaitPort("muxed");
            String listed = watching.ctl("list").output();
            assertTrue(
                    listed.contains("librdpmux 5"), listed + watching.process().output() + Files.readString(log));
            RdpClient client = RdpClient.connect(new InetSocketAddress("127.0.0.1", port), ClientOptions.DEFAULT);
            own.atEnd(client::close);
            client.awaitActive().await("the guest's screen", c -> c.width() == WIDTH && c.height() == HEIGHT, LIMIT);

            // The guest takes its leave, the domain runs on: what QEMU itself shows is seen.
            client.await("the VNC display's screen", c -> c.width() != WIDTH, LIMIT);
            assertEquals(port, watching.awaitPort("muxed"));
            assertTrue(watching.ctl("list").output().contains("VNC display"));
            Picture screen = libvirt.screenshot("muxed");
            client.await(
                    "the screen that libvirt sees",
                    c -> c.width() == screen.width()
                            && new Picture(c.width(), c.height(), c.screen())
                                    .difference(screen)
                                    .isEmpty(),
                    LIMIT);
            assertEquals(List.of(), client.violations());
        }
    }
}
