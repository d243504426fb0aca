// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon.control;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Inputs of {@link HttpFuzzTest}, and what chance makes of them, in every run. */
class HttpInputsTest {

    private static final Path INPUTS =
            Path.of("src/test/resources/org/rdpmux/daemon/control/HttpFuzzTestInputs/requests");

    private static List<byte[]> inputs() throws IOException {
        try (Stream<Path> files = Files.list(INPUTS)) {
            return files.sorted().map(HttpInputsTest::read).toList();
        }
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void anyBytesAreAnsweredOrRefused() throws IOException {
        List<byte[]> inputs = inputs();
        assertTrue(inputs.size() >= 5, "only " + inputs.size() + " inputs");
        Random random = new Random(11);
        for (byte[] input : inputs) {
            HttpTargets.anyBytes(input);
            for (int length = 0; length < input.length; length += 3) {
                HttpTargets.anyBytes(Arrays.copyOf(input, length));
            }
            for (int round = 0; round < 300; round++) {
                byte[] changed = input.clone();
                for (int change = 0; change <= random.nextInt(3); change++) {
                    changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
                }
                HttpTargets.anyBytes(changed);
            }
        }
    }
}
