// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;
import org.rdpmux.testkit.junit.NoLeaks;

/**
 * The promise of the whole: whatever the guest draws, whatever its viewers do, in whatever order encoders end, once things
 * come to rest every viewer's picture is the guest's. Scripts are made at random; one that fails is made short and written
 * down, and belongs beside the kept ones from then on.
 */
@ExtendWith(NoLeaks.class)
class EveryViewerSeesTheGuestTest {

    private static final Path KEPT = Path.of("src/test/resources/org/rdpmux/server/console/scripts");

    /** More with {@code -Dscripts=100000}; from another place with {@code -Dscripts.first}. */
    private static final int SCRIPTS = Integer.getInteger("scripts", 1500);

    private static final int FIRST = Integer.getInteger("scripts.first", 1);

    @Test
    void afterAnythingThatMayHappen() throws IOException {
        for (int seed = FIRST; seed < FIRST + SCRIPTS; seed++) {
            List<ScriptStep> script = Scripts.random(seed);
            String wrong = ScriptedHouse.run(script);
            if (wrong != null) {
                List<ScriptStep> shortest = Scripts.shrink(script, shorter -> ScriptedHouse.run(shorter) != null);
                String text = text(shortest);
                Path file = Files.writeString(Path.of("target/script-" + seed + ".txt"), text);
                throw new AssertionError(ScriptedHouse.run(shortest) + "; keep " + file + " in " + KEPT + ":\n" + text);
            }
        }
        assertTrue(ScriptedClient.fromCache > SCRIPTS / 6, ScriptedClient.fromCache + " tiles from caches");
        assertTrue(DifferenceStream.frames > SCRIPTS / 3, DifferenceStream.frames + " frames of videos");
    }

    @TestFactory
    Stream<DynamicTest> afterWhatOnceWentWrong() throws IOException {
        List<Path> files;
        try (Stream<Path> list = Files.list(KEPT)) {
            files = list.sorted().toList();
        }
        assertFalse(files.isEmpty());
        return files.stream()
                .map(file -> DynamicTest.dynamicTest(
                        file.getFileName().toString(), () -> assertNull(ScriptedHouse.run(read(file)))));
    }

    @Test
    void aFailureIsMadeShort() {
        List<ScriptStep> script = Scripts.random(3);
        List<ScriptStep> shortest =
                Scripts.shrink(script, steps -> steps.stream().anyMatch(step -> step.kind() == ScriptStep.Kind.JOIN));
        assertEquals(1, shortest.size());
        assertTrue(script.size() > 1);
        assertEquals(shortest.get(0), ScriptStep.parse(shortest.get(0).toString()));
    }

    private static List<ScriptStep> read(Path file) {
        try {
            return Files.readAllLines(file).stream()
                    .filter(line -> !line.startsWith("#"))
                    .map(ScriptStep::parse)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(List<ScriptStep> script) {
        return script.stream().map(step -> step + "\n").collect(Collectors.joining());
    }
}
