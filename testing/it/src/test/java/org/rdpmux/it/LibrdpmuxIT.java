// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.rdpmux.testkit.rdp.ClientOptions;
import org.rdpmux.testkit.rdp.RdpClient;

/** Guests built with librdpmux, of every version of the protocol, on one agent at once. */
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class LibrdpmuxIT {

    private static final int WIDTH = 1280;
    private static final int HEIGHT = 880;

    @RegisterExtension
    static Programs programs = new Programs();

    private static Path tools;
    private static Bus bus;
    private static Agent agent;

    @BeforeAll
    static void start() {
        tools = MuxGuest.build();
        bus = new Bus(programs);
        agent = new Agent(
                        programs,
                        Map.of("libvirt.uri", "", "librdpmux.bus", bus.address(), "librdpmux.unmanaged", "yes"))
                .start();
        awaitOnBus(1);
    }

    /** Waits until the agent's present life took its name so many times. */
    private static void awaitOnBus(int times) {
        Wait.until(
                "the agent is on the bus",
                () -> agent.process().output().split("Guests can register", -1).length > times);
    }

    /** Each guest's port, once all have one. */
    private static Map<MuxGuest, Integer> ports(List<MuxGuest> guests) {
        return Wait.value(
                "endpoints for all guests",
                () -> {
                    Map<String, Integer> listed = new HashMap<>();
                    agent.consoles().stream()
                            .filter(console ->
                                    console.port() != 0 && console.display().startsWith("librdpmux"))
                            .forEach(console -> listed.put(console.name(), console.port()));
                    Map<MuxGuest, Integer> ports = new LinkedHashMap<>();
                    guests.stream()
                            .filter(guest -> listed.containsKey(guest.name()))
                            .forEach(guest -> ports.put(guest, listed.get(guest.name())));
                    return ports.size() == guests.size() ? Optional.of(ports) : Optional.empty();
                },
                agent::consoles);
    }

    private static List<MuxGuest> oneOfEach(String... options) {
        return MuxGuest.PROTOCOLS.stream()
                .map(proto -> MuxGuest.start(programs, tools, bus, proto, options))
                .toList();
    }

    private static void assertContent(MuxGuest guest) {
        assertEquals(List.of(), guest.complaints(), "guest " + guest.proto());
    }

    // ---- with xfreerdp

    @Test
    void everyVersionIsShownAndHeardAtOnce() {
        List<MuxGuest> guests = oneOfEach(
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
        Map<MuxGuest, Viewer> viewers = new LinkedHashMap<>();
        ports(guests).forEach((guest, port) -> {
            Viewer viewer = new Viewer(programs, Clients.XFREERDP_32, port);
            viewer.awaitShows(() -> guest.screen(WIDTH, HEIGHT));
            viewers.put(guest, viewer);
        });
        viewers.forEach(LibrdpmuxIT::assertInputArrives);
        guests.forEach(MuxGuest::paint);
        guests.forEach(MuxGuest::awaitPainted);
        viewers.forEach((guest, viewer) -> viewer.awaitShows(() -> guest.screen(1366, 900)));
        guests.forEach(LibrdpmuxIT::assertContent);
    }

    private static void assertInputArrives(MuxGuest guest, Viewer viewer) {
        viewer.type("mousemove", "100", "100");
        mark(guest, viewer); // clients send keys of their own when they get the focus: they come before this one
        int before = guest.input().size();
        viewer.type(
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
        int after = mark(guest, viewer);
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
                withoutMovesToTheSamePlace(guest.input().subList(before, after)),
                "guest " + guest.proto());
        viewer.parkPointer();
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

    /**
     * Types F12 and waits until the guest hears that: with it has come what was typed before.
     *
     * @return how much the guest has heard before it
     */
    private static int mark(MuxGuest guest, Viewer viewer) {
        int before = Collections.frequency(guest.input(), "key code=0x58 flags=0x8000");
        viewer.type("key", "F12");
        Wait.until(
                "F12 arrives",
                () -> Collections.frequency(guest.input(), "key code=0x58 flags=0x8000") > before,
                guest::input);
        return guest.input().lastIndexOf("key code=0x58 flags=0x4000");
    }

    // ---- with the scripted client, which is light

    private static RdpClient look(int port) {
        try {
            RdpClient client = RdpClient.connect(new InetSocketAddress("127.0.0.1", port), ClientOptions.DEFAULT);
            programs.atEnd(client::close);
            return client.awaitActive();
        } catch (IOException e) {
            throw new AssertionError("no session at port " + port, e);
        }
    }

    private static Map<MuxGuest, RdpClient> look(Map<MuxGuest, Integer> ports) {
        Map<MuxGuest, RdpClient> clients = new LinkedHashMap<>();
        ports.forEach((guest, port) -> clients.put(guest, look(port)));
        return clients;
    }

    private static void awaitSame(MuxGuest guest, RdpClient client) {
        awaitSame("guest " + guest.proto(), () -> guest.screen(WIDTH, HEIGHT), client);
    }

    /** Waits until the client's screen is this one, which is asked for again and again. */
    private static void awaitSame(String whose, Supplier<Picture> screen, RdpClient client) {
        Wait.until(
                "the screen of " + whose,
                () -> !screen.get().isPlain()
                        && seen(client).difference(screen.get()).isEmpty(),
                () -> seen(client).difference(screen.get()) + ", " + client.counters());
        assertEquals(List.of(), client.violations());
    }

    private static Picture seen(RdpClient client) {
        synchronized (client) {
            return new Picture(client.width(), client.height(), client.screen());
        }
    }

    private static List<Long> bytes(Collection<RdpClient> clients) {
        return clients.stream().map(client -> client.counters().bytes()).toList();
    }

    @Test
    void noDamageIsLostAtAnyPaceAndAStillGuestCostsNothing() {
        int[] paces = {1, 2, 5, 10, 15, 20, 30, 40, 50, 60};
        String[] scenes = {"type", "scroll", "window", "video", "full"};
        List<MuxGuest> guests = new ArrayList<>();
        for (int i = 0; i < paces.length; i++) {
            guests.add(MuxGuest.start(
                    programs,
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
        Map<MuxGuest, RdpClient> clients = look(ports(guests));
        clients.forEach(LibrdpmuxIT::awaitSame);
        Wait.until("nothing is sent over two seconds", () -> {
            List<Long> before = bytes(clients.values());
            Wait.pause(Duration.ofSeconds(2));
            return before.equals(bytes(clients.values()));
        });
        guests.forEach(MuxGuest::paint);
        guests.forEach(MuxGuest::awaitPainted);
        clients.forEach(LibrdpmuxIT::awaitSame);
        guests.forEach(LibrdpmuxIT::assertContent);
    }

    @Test
    void guestsOutliveTheBusAndTheAgentAndEachOther() {
        List<MuxGuest> guests =
                new ArrayList<>(oneOfEach("--fps", "20", "--seconds", "2", "--size", WIDTH + "x" + HEIGHT));
        Map<MuxGuest, Integer> ports = ports(guests);
        look(ports).forEach(LibrdpmuxIT::awaitSame);

        agent.kill();
        agent.start();
        awaitOnBus(1);
        assertEquals(ports, ports(guests));
        Map<MuxGuest, RdpClient> clients = look(ports);
        clients.forEach(LibrdpmuxIT::awaitSame);

        bus.stop();
        bus.start();
        awaitOnBus(2);
        MuxGuest newcomer = MuxGuest.start(
                programs, tools, bus, "5", "--seconds", "2", "--fps", "20", "--size", WIDTH + "x" + HEIGHT);
        look(ports(List.of(newcomer))).forEach((guest, client) -> {
            awaitSame(guest, client);
            clients.put(guest, client);
            guests.add(guest);
        });

        MuxGuest victim = guests.remove(3);
        victim.process().signal("KILL");
        clients.remove(victim).await("the end", RdpClient::hasEnded, Wait.LIMIT);
        agent.awaitGone(victim.name(), ports.get(victim));

        guests.forEach(MuxGuest::paint);
        guests.forEach(MuxGuest::awaitPainted);
        clients.forEach(LibrdpmuxIT::awaitSame);
        guests.forEach(LibrdpmuxIT::assertContent);
    }

    // ---- under libvirt

    @Test
    void aDomainIsShownByItsOwnGuestAndByVncWhenThatIsGone() throws IOException {
        Bus domainBus = new Bus(programs);
        Host host = new Host(programs, Map.of("librdpmux.bus", domainBus.address()));
        Agent watching = host.agent();
        watching.process().awaitOutput("Guests can register");
        Path leave = programs.newDirectory("muxed").resolve("leave");
        String options = String.join(" ", MuxGuest.options(programs, "5")) + " --size " + WIDTH + "x" + HEIGHT
                + " --seconds 1 --fps 5 --linger 3600 --leave " + leave;
        host.libvirt()
                .define(
                        "muxed",
                        Libvirtd.firmware("muxed")
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
        host.libvirt().virsh("start", "muxed");
        Path log = host.libvirt().directory().resolve("log/qemu/muxed.log");
        programs.atEnd(() -> Files.deleteIfExists(
                MuxGuest.sharedMemory(Files.readString(log)).orElse(log)));
        awaitDisplay(watching, "librdpmux 5");
        int port = watching.awaitPort("muxed");
        RdpClient client = look(port);
        client.await("the guest's screen", c -> c.width() == WIDTH && c.height() == HEIGHT, Wait.LIMIT);

        // The guest takes its leave, the domain runs on: what QEMU itself shows is seen.
        Files.createFile(leave);
        awaitSame("QEMU", () -> host.libvirt().screenshot("muxed"), client);
        awaitDisplay(watching, "VNC display");
        assertEquals(port, watching.awaitPort("muxed"));
    }

    private static void awaitDisplay(Agent agent, String display) {
        Wait.until(
                "the domain is shown by " + display,
                () -> agent.console("muxed")
                        .filter(console -> console.display().equals(display))
                        .isPresent(),
                agent::consoles);
    }
}
