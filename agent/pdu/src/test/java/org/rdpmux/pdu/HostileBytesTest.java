// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The fuzzer's inputs, what it found among them, and each of them damaged. */
class HostileBytesTest {

    private static final int MUTATIONS = 300;

    private static Stream<String> targets() {
        return PduTargets.ALL.keySet().stream().sorted();
    }

    @ParameterizedTest
    @MethodSource("targets")
    void takesOrRefusesWhateverComes(String target) throws Exception {
        Path directory = Path.of(HostileBytesTest.class
                .getResource("PduFuzzTestInputs/" + target)
                .toURI());
        List<Path> inputs;
        try (Stream<Path> files = Files.list(directory)) {
            inputs = files.sorted().toList();
        }
        assertFalse(inputs.isEmpty(), target);
        Consumer<byte[]> decoder = PduTargets.ALL.get(target);
        Random random = new Random(6);
        for (Path input : inputs) {
            byte[] bytes = Files.readAllBytes(input);
            assertDoesNotThrow(() -> decoder.accept(bytes), input::toString);
            for (int i = 0; i < MUTATIONS && bytes.length > 0; i++) {
                byte[] damaged = bytes.clone();
                for (int changes = random.nextInt(3); changes >= 0; changes--) {
                    damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
                }
                int mutation = i;
                assertDoesNotThrow(() -> decoder.accept(damaged), () -> input + ", mutation " + mutation);
            }
        }
    }
}
