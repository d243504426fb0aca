// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.channel;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rdpmux.security.Mutations;

/** The fuzzer's inputs, what it found among them, and each of them damaged. */
class HostileChannelsTest {

    private static final int MUTATIONS = 500;

    private static final Map<String, Consumer<byte[]>> TARGETS =
            Map.of("pdu", ChannelTargets::pdu, "conversation", ChannelTargets::conversation);

    private static List<Path> inputs(String target) throws Exception {
        Path directory = Path.of(HostileChannelsTest.class
                .getResource("ChannelFuzzTestInputs/" + target)
                .toURI());
        try (Stream<Path> files = Files.list(directory)) {
            return files.sorted().toList();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"pdu", "conversation"})
    void takesOrRefusesWhateverComes(String target) throws Exception {
        List<Path> inputs = inputs(target);
        assertTrue(inputs.size() > 2, "inputs are missing");
        Mutations mutations = new Mutations(target.hashCode());
        for (Path input : inputs) {
            byte[] bytes = Files.readAllBytes(input);
            assertDoesNotThrow(() -> TARGETS.get(target).accept(bytes), input::toString);
            for (int i = 0; i < MUTATIONS; i++) {
                byte[] damaged = mutations.of(bytes);
                assertDoesNotThrow(() -> TARGETS.get(target).accept(damaged), () -> input + " damaged");
            }
        }
    }
}
