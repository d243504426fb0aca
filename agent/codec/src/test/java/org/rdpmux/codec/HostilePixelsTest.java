// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.codec;

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

/** The fuzzer's inputs, what it found among them, and each of them changed. */
class HostilePixelsTest {

    private static final int MUTATIONS = 100;

    private static Stream<String> targets() {
        return CodecTargets.ALL.keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("targets")
    void encodesWhateverAGuestShows(String target) throws Exception {
        Path directory = Path.of(HostilePixelsTest.class
                .getResource("CodecFuzzTestInputs/" + target)
                .toURI());
        List<Path> inputs;
        try (Stream<Path> files = Files.list(directory)) {
            inputs = files.sorted().toList();
        }
        assertFalse(inputs.isEmpty(), target);
        Consumer<byte[]> encoder = CodecTargets.ALL.get(target);
        Random random = new Random(6);
        for (Path input : inputs) {
            byte[] bytes = Files.readAllBytes(input);
            assertDoesNotThrow(() -> encoder.accept(bytes), input::toString);
            for (int i = 0; i < MUTATIONS; i++) {
                byte[] changed = bytes.clone();
                for (int changes = random.nextInt(3); changes >= 0; changes--) {
                    changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
                }
                int mutation = i;
                assertDoesNotThrow(() -> encoder.accept(changed), () -> input + ", mutation " + mutation);
            }
        }
    }
}
