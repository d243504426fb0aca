// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon.control;

import com.code_intelligence.jazzer.junit.FuzzTest;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/**
 * A target for a coverage-guided fuzzer: {@code JAZZER_FUZZ=1 mvn test -pl agent/daemon -Dtest=HttpFuzzTest}. What it finds it
 * puts beside its inputs, where {@link HttpInputsTest} replays it in every run.
 */
@EnabledIfEnvironmentVariable(named = "JAZZER_FUZZ", matches = "1")
class HttpFuzzTest {

    @FuzzTest(maxDuration = "2m")
    void requests(byte[] bytes) {
        HttpTargets.anyBytes(bytes);
    }
}
