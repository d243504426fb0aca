// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.librdpmux.wire;

import com.code_intelligence.jazzer.junit.FuzzTest;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/**
 * Targets for a coverage-guided fuzzer: {@code JAZZER_FUZZ=1 mvn test -pl plugin/librdpmux -Dtest=WireFuzzTest#zmtp}. What it
 * finds it puts beside its inputs, where {@link HostileBytesTest} replays it in every run, without the fuzzer's agent.
 */
@EnabledIfEnvironmentVariable(named = "JAZZER_FUZZ", matches = "1")
class WireFuzzTest {

    @FuzzTest(maxDuration = "3m")
    void message(byte[] bytes) {
        WireTargets.message(bytes);
    }

    @FuzzTest(maxDuration = "3m")
    void sp(byte[] bytes) {
        WireTargets.sp(bytes);
    }

    @FuzzTest(maxDuration = "3m")
    void zmtp(byte[] bytes) {
        WireTargets.zmtp(bytes);
    }

    @FuzzTest(maxDuration = "3m")
    void sniffed(byte[] bytes) {
        WireTargets.sniffed(bytes);
    }
}
