// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.net;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rdpmux.security.Mutations;
import org.rdpmux.server.net.TlsTargets.Client;
import org.rdpmux.server.net.TlsTargets.Server;

/** Records of TLS truncated, oversized, looped, out of order and damaged, against what stands in front of every client. */
class TlsRecordsTest {

    private static final int MUTATIONS = 60;
    private static final int CHANGE_CIPHER_SPEC = 20;
    private static final int ALERT = 21;
    private static final int HANDSHAKE = 22;
    private static final int APPLICATION_DATA = 23;

    /** RFC 8446 section 5.1 TLSPlaintext: type (1), version (2), length (2), fragment. */
    private static byte[] record(int type, int length, byte... fragment) {
        return ByteBuffer.allocate(5 + fragment.length)
                .put((byte) type)
                .putShort((short) 0x0303)
                .putShort((short) length)
                .put(fragment)
                .array();
    }

    private static byte[] twice(byte[] bytes) {
        return ByteBuffer.allocate(2 * bytes.length).put(bytes).put(bytes).array();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void anHonestClientComesThrough(String protocol) {
        try (Server server = new Server()) {
            Client client = new Client(protocol);
            byte[] next = client.start();
            for (int i = 0; i < 4 && !server.isEstablished(); i++) {
                next = client.hear(server.send(next));
            }
            assertTrue(server.isEstablished());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void waitsForTheRestOfWhatWasCutAnywhere(String protocol) {
        byte[] hello = new Client(protocol).start();
        for (int length = 0; length < hello.length; length++) {
            try (Server server = new Server()) {
                assertTrue(server.send(Arrays.copyOf(hello, length)).length == 0, "at " + length);
                assertFalse(server.isEstablished());
            }
        }
    }

    /** A client may ask for any curve. P-521 costs the server many times what P-256 does. */
    @Test
    void refusesAClientThatWantsP521() {
        try (Server server = new Server()) {
            byte[] hello = new Client("TLSv1.2").start();
            ByteBuffer bytes = ByteBuffer.wrap(hello);
            // RFC 8422 section 5.1.1 supported_groups: type (2), length (2), length of the list (2), groups (2 each)
            int groups = 0;
            while (bytes.getInt(groups) != (10 << 16 | bytes.getShort(groups + 4) + 2)
                    || bytes.getShort(groups + 4) <= 0) {
                groups++;
            }
            for (int i = 0; i < bytes.getShort(groups + 4); i += 2) {
                bytes.putShort(groups + 6 + i, (short) 0x0019); // secp521r1
            }
            server.send(hello);
            assertInstanceOf(SSLException.class, server.failure);
        }
    }

    @Test
    void refusesRecordsLongerThanTlsHasThem() {
        for (int type : new int[] {CHANGE_CIPHER_SPEC, ALERT, HANDSHAKE, APPLICATION_DATA}) {
            assertRefused(record(type, 0xffff, new byte[0xffff]));
        }
    }

    @Test
    void refusesWhatIsOutOfOrder() {
        assertRefused(record(APPLICATION_DATA, 3, new byte[3]));
        for (int message : new int[] {0, 2, 4, 8, 11, 12, 13, 14, 15, 16, 20, 24, 254}) {
            assertRefused(record(
                    HANDSHAKE, 8, (byte) message, (byte) 0, (byte) 0, (byte) 4, (byte) 0, (byte) 0, (byte) 0, (byte)
                            0));
        }
        for (String protocol : List.of("TLSv1.2", "TLSv1.3")) {
            assertRefused(twice(new Client(protocol).start()));
        }
    }

    @Test
    void endsLoopsOfRecordsThatSayNothing() {
        for (int type : new int[] {ALERT, HANDSHAKE, APPLICATION_DATA}) {
            byte[] empty = record(type, 0);
            ByteBuffer many = ByteBuffer.allocate(2000 * empty.length);
            while (many.hasRemaining()) {
                many.put(empty);
            }
            assertRefused(many.array());
        }
    }

    @Test
    void refusesAMessageThatIsNeverFinished() {
        ByteBuffer endless = ByteBuffer.allocate(200 * 1005);
        for (int i = 0; i < 200; i++) {
            byte[] fragment = new byte[1000];
            if (i == 0) {
                fragment[0] = 1;
                Arrays.fill(fragment, 1, 4, (byte) 0xff);
            }
            endless.put(record(HANDSHAKE, fragment.length, fragment));
        }
        assertRefused(endless.array());
    }

    private static void assertRefused(byte[] bytes) {
        try (Server server = new Server()) {
            TlsTargets.assertBounded(server, server.send(bytes));
            assertInstanceOf(SSLException.class, server.failure);
            assertFalse(server.channel.isOpen());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void survivesDamagedRecordsAtEveryStep(String protocol) {
        Mutations mutations = new Mutations(protocol.hashCode());
        byte[] hello = new Client(protocol).start();
        for (int i = 0; i < MUTATIONS; i++) {
            byte[] damaged = mutations.of(hello);
            int step = i % 3;
            assertDoesNotThrow(() -> TlsTargets.atStep(protocol, step, damaged), "mutation " + i);
        }
    }

    /** Inputs that a fuzzer began with or found. */
    @Test
    void survivesEverythingThatFuzzingFound() throws Exception {
        Path inputs = Path.of(
                TlsRecordsTest.class.getResource("TlsFuzzTestInputs/records").toURI());
        try (Stream<Path> files = Files.list(inputs)) {
            for (Path file : files.sorted().toList()) {
                byte[] bytes = Files.readAllBytes(file);
                assertDoesNotThrow(() -> TlsTargets.anyStep(bytes), file::toString);
            }
        }
    }
}
