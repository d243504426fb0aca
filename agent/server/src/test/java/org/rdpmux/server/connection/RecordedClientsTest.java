// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.rdpmux.pdu.PduException;
import org.rdpmux.security.access.Authentication;

/** What xfreerdp 2.11, xfreerdp 3 and rdesktop 1.9 really sent, whole and damaged. */
class RecordedClientsTest {

    private static final Inbound.DesktopSize SECOND_SIZE = new Inbound.DesktopSize(801, 600);

    private static List<byte[]> frames(String client) throws IOException {
        try (InputStream in = RecordedClientsTest.class.getResourceAsStream(client + ".hex")) {
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(HexFormat.of()::parseHex)
                    .toList();
        }
    }

    /** A frame, and the state in which it arrived. */
    private record Arrival(ConnectionState state, byte[] frame) {}

    /** Plays a recording as its server did; answers with every frame and its state. */
    private static List<Arrival> play(String client, Script script) throws IOException {
        List<Arrival> arrivals = new ArrayList<>();
        for (byte[] frame : frames(client)) {
            arrivals.add(new Arrival(script.state, frame));
            drive(script, script.feed(new Inbound.Frame(Unpooled.wrappedBuffer(frame))));
        }
        return arrivals;
    }

    private static void drive(Script script, List<Action> actions) {
        for (Action action : actions) {
            if (action instanceof Action.StartTls) {
                drive(script, script.feed(new Inbound.TlsEstablished()));
            } else if (action instanceof Action.AskDesktopSize asked) {
                // FreeRDP 2 would be given this first anyway, and no recording has that.
                drive(script, script.feed(new Inbound.DesktopSize(asked.clientWidth(), asked.clientHeight())));
            } else if (action instanceof Action.Activated) {
                drive(script, script.feed(SECOND_SIZE));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"xfreerdp-2.11, 32, true", "xfreerdp-3, 32, true", "rdesktop-1.9, 24, false"})
    void understandsRealClients(String client, int bitsPerPixel, boolean acknowledges) throws IOException {
        Script script = new Script(Authentication.NONE);
        play(client, script);
        assertInstanceOf(Active.class, script.state);
        List<ClientProfile> profiles = script.actions.stream()
                .filter(Action.Activated.class::isInstance)
                .map(action -> ((Action.Activated) action).profile())
                .toList();
        assertEquals(2, profiles.size());
        Action.AskDesktopSize asked = script.only(Action.AskDesktopSize.class);
        assertEquals(
                new ClientProfile.Desktop(asked.clientWidth(), asked.clientHeight(), true, 720, 400),
                profiles.get(0).desktop());
        assertEquals(
                new ClientProfile.Desktop(801, 600, true, 801, 600),
                profiles.get(1).desktop());
        ClientProfile.Graphics graphics = profiles.get(1).graphics();
        assertEquals(bitsPerPixel, graphics.bitsPerPixel());
        assertTrue(graphics.fastPath());
        assertEquals(acknowledges, graphics.frames().acknowledges());
        assertEquals("bob", profiles.get(1).identity().user());
        assertTrue(script.actions.stream().anyMatch(Action.Input.class::isInstance));
        assertTrue(script.actions.stream().noneMatch(Action.Close.class::isInstance));
    }

    @ParameterizedTest
    @ValueSource(strings = {"xfreerdp-2.11", "xfreerdp-3", "rdesktop-1.9"})
    void standsTheirFramesDamaged(String client) throws IOException {
        int refused = 0;
        for (Arrival arrival : play(client, new Script(Authentication.NONE))) {
            byte[] frame = arrival.frame();
            for (int at = 0; at < frame.length; at++) {
                refused += attempt(arrival.state(), Arrays.copyOf(frame, Math.max(1, at)));
                for (int change : new int[] {0x01, 0x80, 0xff}) {
                    byte[] damaged = frame.clone();
                    damaged[at] ^= (byte) change;
                    refused += attempt(arrival.state(), damaged);
                }
            }
        }
        assertTrue(refused > 1000, "refused " + refused);
    }

    private static int attempt(ConnectionState state, byte[] frame) {
        try {
            state.on(new Inbound.Frame(Unpooled.wrappedBuffer(frame)));
            return 0;
        } catch (PduException expected) {
            return 1;
        }
    }
}
