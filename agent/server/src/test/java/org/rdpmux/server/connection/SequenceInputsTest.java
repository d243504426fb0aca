// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.connection;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.rdpmux.security.Mutations;

/** Conversations that a fuzzer began with or found, and each of them damaged. */
class SequenceInputsTest {

    private static final int MUTATIONS = 300;

    @Test
    void keepsItsPromisesWhateverComes() throws Exception {
        Path directory = Path.of(SequenceInputsTest.class
                .getResource("SequenceFuzzTestInputs/conversation")
                .toURI());
        List<Path> inputs;
        try (Stream<Path> files = Files.list(directory)) {
            inputs = files.sorted().toList();
        }
        assertFalse(inputs.isEmpty());
        Mutations mutations = new Mutations(8);
        for (Path input : inputs) {
            byte[] bytes = Files.readAllBytes(input);
            assertDoesNotThrow(() -> SequenceTargets.conversation(bytes), input::toString);
            for (int i = 0; i < MUTATIONS; i++) {
                byte[] damaged = mutations.of(bytes);
                int mutation = i;
                assertDoesNotThrow(() -> SequenceTargets.conversation(damaged), () -> input + ", mutation " + mutation);
            }
        }
    }
}
