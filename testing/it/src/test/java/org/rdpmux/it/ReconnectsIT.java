// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.it;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A client connects and leaves again and again, and the agent keeps nothing of it. */
class ReconnectsIT {

    private static final int WIDTH = 800;
    private static final int HEIGHT = 600;
    private static final int TIMES = 50;
    /** After which the agent has what serving anybody takes. */
    private static final int FIRST_TIMES = 10;

    /** Objects of a class that are more than what is made once, such as constants: half as many as there were clients. */
    private static final int MANY = (TIMES - FIRST_TIMES) / 2;

    /** Of the heap after a collection. Netty's allocators keep chunks of 4 and 8 MB for each of their threads. */
    private static final long HEAP_KILOBYTES = 32_000;

    /** Of direct memory, for the same reason. */
    private static final long DIRECT_KILOBYTES = 8_500;

    @RegisterExtension
    static Programs programs = new Programs();

    private static VncGuest guest;
    private static Agent agent;

    @BeforeAll
    static void start() {
        guest = new VncGuest(Scene.desktop(WIDTH, HEIGHT, 0));
        agent = new Agent(
                        programs,
                        Map.of("libvirt.uri", "", "librdpmux.enabled", "no", "console.screen", guest.address()))
                .withJavaOptions(JavaMemory.OPTIONS)
                .start();
    }

    @AfterAll
    static void close() throws Exception {
        guest.close();
    }

    @ParameterizedTest
    @EnumSource(names = "XFREERDP_GFX")
    void fiftyReconnectsWhileTheScreenChangesLeaveNothingBehind(Clients client) {
        int port = agent.awaitPort("screen");
        Desktop desktop = new Desktop(programs, WIDTH + 40, HEIGHT + 40);
        desktop.parkPointer();
        JavaMemory firstMemory;
        ProcessResources firstResources;
        Map<String, Integer> firstObjects;
        try (Painting painting = new Painting(guest, Scene.values())) {
            reconnect(desktop, client, port, FIRST_TIMES);
            painting.pause();
            firstResources = ProcessResources.atRest(agent.process());
            firstMemory = JavaMemory.of(agent.process());
            firstObjects = objects();
            painting.goOn();
            reconnect(desktop, client, port, TIMES - FIRST_TIMES);
        }
        Wait.until(
                "what it holds is as before",
                () -> ProcessResources.of(agent.process()).isWithin(firstResources),
                () -> ProcessResources.of(agent.process()).grownSince(firstResources));
        Wait.until(
                "no objects are kept of clients that have left",
                () -> grown(firstObjects).isEmpty(),
                () -> grown(firstObjects));
        JavaMemory memory = JavaMemory.of(agent.process());
        String grown = "after " + FIRST_TIMES + " times " + firstMemory + ", after " + TIMES + " " + memory;
        assertTrue(memory.heap() - firstMemory.heap() < HEAP_KILOBYTES, grown);
        assertTrue(memory.direct() - firstMemory.direct() < DIRECT_KILOBYTES, grown);
        new Viewer(desktop, client, port, client.following(WIDTH, HEIGHT)).awaitShows(guest::picture);
    }

    /** Those that are made for a client, or by one. */
    private static Map<String, Integer> objects() {
        return JavaMemory.instances(agent.process(), "org.rdpmux.server.");
    }

    private static Map<String, Integer> grown(Map<String, Integer> before) {
        Map<String, Integer> grown = objects();
        grown.entrySet().removeIf(kind -> kind.getValue() - before.getOrDefault(kind.getKey(), 0) < MANY);
        return grown;
    }

    /** Every other time the client has no time to say goodbye. */
    private static void reconnect(Desktop desktop, Clients client, int port, int times) {
        for (int i = 0; i < times; i++) {
            Background program = desktop.start(client.command(port, client.following(WIDTH, HEIGHT)));
            Wait.until(
                    "the guest is seen for the time " + i,
                    () -> !desktop.picture(WIDTH, HEIGHT).isPlain(),
                    program::output);
            if (i % 2 == 0) {
                program.end();
            } else {
                program.signal("KILL");
                program.awaitEnd();
            }
            Wait.until(
                    "nobody looks at the console",
                    () -> agent.console("screen").orElseThrow().viewers().isEmpty()
                            && desktop.picture(WIDTH, HEIGHT).isPlain());
        }
    }
}
