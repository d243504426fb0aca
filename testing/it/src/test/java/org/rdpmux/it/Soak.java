// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Viewers of several kinds look at one console for long, while scenes change, the screen changes its size, viewers come and go,
 * one stands still for a while and one has a slow link. Every viewer shows the guest's screen exactly whenever that rests, and
 * the agent does not grow. Run by {@code testing/soak.sh}.
 */
class Soak {

    private static final Duration TIME = Duration.ofMinutes(Long.getLong("soak.minutes", 30));
    private static final int[][] SIZES = {{1280, 800}, {640, 480}, {1920, 1080}, {1024, 768}};
    private static final int ROUNDS_OF_A_SIZE = 3;
    /** Of the viewers' own screens, larger than the guest's. */
    private static final int WIDTH = 2000;

    private static final int HEIGHT = 1140;
    private static final Duration SCENE = Duration.ofSeconds(6);

    /** Until what is compared is taken: by then each kind of scene, size and viewer was there. */
    private static final int WARM_ROUNDS = ROUNDS_OF_A_SIZE * SIZES.length;

    /** Of the heap after a collection. Netty's allocators keep chunks of 4 and 8 MB for each of their threads. */
    private static final long HEAP_KILOBYTES = 32_000;

    private static final long DIRECT_KILOBYTES = 8_500;
    /** What the virtual machine has of the system changes by the chunks above and by what the compiler makes. */
    private static final long COMMITTED_KILOBYTES = 80_000;

    private static final long RESIDENT_KILOBYTES = 80_000;

    @RegisterExtension
    static Programs programs = new Programs();

    /** What is compared. */
    private record Sample(JavaMemory memory, ProcessResources resources, int viewers) {}

    private static VncGuest guest;
    private static Agent agent;
    private static int port;
    private static int slowPort;

    private final Map<Clients, Viewer> viewers = new LinkedHashMap<>();
    /** Where those are who come for a round. */
    private final Desktop visitors = desktop();

    private final List<String> table = new ArrayList<>();

    @BeforeAll
    static void start() {
        guest = new VncGuest(Scene.desktop(SIZES[0][0], SIZES[0][1], 0));
        agent = new Agent(
                        programs, Map.of("libvirt.uri", "", "librdpmux.enabled", "no", "console.soak", guest.address()))
                .withJavaOptions(JavaMemory.OPTIONS)
                .start();
        port = agent.awaitPort("soak");
        slowPort = agent.lastPort();
        String link = Programs.root().resolve("testing/bench/target/tools/link").toString();
        programs.start(link, Integer.toString(slowPort), Integer.toString(port), "20", "40");
    }

    @AfterAll
    static void close() throws Exception {
        guest.close();
    }

    @Test
    void viewersShowTheScreenExactlyWheneverItRestsAndTheAgentDoesNotGrow() {
        Instant begun = Instant.now();
        joins(Clients.XFREERDP_GFX, port);
        joins(Clients.XFREERDP_24, port);
        joins(Clients.XFREERDP3_GFX_AVC, port);
        joins(Clients.RDESKTOP_16, port);
        joins(Clients.XFREERDP_GFX_RFX, slowPort);
        Sample first = null;
        for (int round = 0;
                first == null || Duration.between(begun, Instant.now()).compareTo(TIME) < 0;
                round++) {
            round(round);
            Sample sample = sample();
            say("| %s | %d | %s | %d | %d | %d | %d | %s |"
                    .formatted(
                            Duration.between(begun, Instant.now()).truncatedTo(ChronoUnit.SECONDS),
                            round,
                            sample.viewers(),
                            sample.memory().heap() / 1000,
                            sample.memory().direct() / 1000,
                            sample.memory().committed() / 1000,
                            sample.memory().resident() / 1000,
                            sample.resources().counts()));
            if (round == WARM_ROUNDS) {
                first = sample;
            }
        }
        compare(first, sample());
    }

    private void joins(Clients client, int at) {
        int[] size = {guest.picture().width(), guest.picture().height()};
        viewers.put(client, new Viewer(desktop(), client, at, client.following(size[0], size[1])));
    }

    private static Desktop desktop() {
        return new Desktop(programs, WIDTH, HEIGHT);
    }

    /** A scene, with something that happens to the viewers beside; then rest. */
    private void round(int round) {
        int[] size = SIZES[round / ROUNDS_OF_A_SIZE % SIZES.length];
        if (round % ROUNDS_OF_A_SIZE == 0) {
            guest.show(Scene.desktop(size[0], size[1], round));
        }
        Scene scene = Scene.values()[round % Scene.values().length];
        Viewer third = viewers.get(Clients.XFREERDP3_GFX_AVC);
        try (Painting painting = new Painting(guest, scene)) {
            Wait.pause(SCENE.dividedBy(2));
            third.client().signal("STOP");
            Viewer visitor = new Viewer(visitors, Clients.XFREERDP3_24, port);
            Wait.pause(SCENE.dividedBy(2));
            painting.pause();
            third.client().signal("CONT");
            visitor.awaitShows(guest::picture);
            visitor.leave();
        }
        viewers.forEach((client, viewer) -> viewer.awaitShows(guest::picture, "in round " + round, screen -> true));
    }

    /** Once who was there for a round has left. */
    private Sample sample() {
        Wait.until("who was there for a round has left", () -> count() == viewers.size(), agent::consoles);
        return new Sample(JavaMemory.of(agent.process()), ProcessResources.atRest(agent.process()), count());
    }

    private static int count() {
        return agent.console("soak").orElseThrow().viewers().size();
    }

    private void compare(Sample first, Sample last) {
        List<String> grown = new ArrayList<>();
        JavaMemory before = first.memory();
        JavaMemory now = last.memory();
        grows("heap", now.heap() - before.heap(), HEAP_KILOBYTES, grown);
        grows("direct", now.direct() - before.direct(), DIRECT_KILOBYTES, grown);
        grows("committed", now.committed() - before.committed(), COMMITTED_KILOBYTES, grown);
        grows("resident", now.resident() - before.resident(), RESIDENT_KILOBYTES, grown);
        if (!last.resources().isWithin(first.resources())) {
            grown.add("files, mappings, threads: " + last.resources().grownSince(first.resources()));
        }
        assertEquals(List.of(), grown, () -> String.join("\n", table));
    }

    private void grows(String what, long kilobytes, long bound, List<String> grown) {
        say("%s grew by %d kB, may by %d".formatted(what, kilobytes, bound));
        if (kilobytes > bound) {
            grown.add(what + " by " + kilobytes + " kB");
        }
    }

    private void say(String line) {
        table.add(line);
        System.out.println("soak: " + line);
    }
}
