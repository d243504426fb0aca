// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.net;

import com.code_intelligence.jazzer.junit.FuzzTest;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/**
 * A target for a coverage-guided fuzzer: {@code JAZZER_FUZZ=1 mvn test -pl agent/server -Dtest=TlsFuzzTest}. What it finds it
 * puts beside its inputs, where {@link TlsRecordsTest} replays it in every run.
 */
@EnabledIfEnvironmentVariable(named = "JAZZER_FUZZ", matches = "1")
class TlsFuzzTest {

    @FuzzTest(maxDuration = "2m")
    void records(byte[] bytes) {
        TlsTargets.anyStep(bytes);
    }
}
