// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.connection;

import com.code_intelligence.jazzer.junit.FuzzTest;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/**
 * A target for a coverage-guided fuzzer: {@code testing/fuzz.sh 600 SequenceFuzzTest}. What it finds it puts beside its inputs,
 * where {@link SequenceInputsTest} replays it in every run.
 */
@EnabledIfEnvironmentVariable(named = "JAZZER_FUZZ", matches = "1")
class SequenceFuzzTest {

    @FuzzTest(maxDuration = "2m")
    void conversation(byte[] bytes) {
        SequenceTargets.conversation(bytes);
    }
}
