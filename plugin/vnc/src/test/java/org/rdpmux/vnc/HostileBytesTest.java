// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.vnc;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The fuzzer's inputs, what it found among them, and each of them damaged. */
class HostileBytesTest {

    private static final int MUTATIONS = 50;

    private static final Map<String, Consumer<byte[]>> TARGETS = Map.of(
            "handshake", RfbTargets::handshake,
            "session", RfbTargets::session,
            "clipboard", RfbTargets::clipboard,
            "sound", RfbTargets::sound,
            "tiles", RfbTargets::tiles);

    private static List<Path> inputs(String target) throws IOException, URISyntaxException {
        Path directory = Path.of(HostileBytesTest.class
                .getResource("RfbFuzzTestInputs/" + target)
                .toURI());
        try (Stream<Path> files = Files.list(directory)) {
            return files.sorted().toList();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"handshake", "session", "clipboard", "sound", "tiles"})
    void takesOrRefusesWhateverComes(String target) throws Exception {
        List<Path> inputs = inputs(target);
        assertTrue(inputs.size() > 2, "inputs are missing");
        Random random = new Random(7);
        for (Path input : inputs) {
            byte[] bytes = Files.readAllBytes(input);
            TARGETS.get(target).accept(bytes);
            for (int i = 0; i < MUTATIONS && bytes.length > 0; i++) {
                byte[] damaged = bytes.clone();
                for (int changes = random.nextInt(3); changes >= 0; changes--) {
                    damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
                }
                TARGETS.get(target).accept(damaged);
            }
        }
    }
}
