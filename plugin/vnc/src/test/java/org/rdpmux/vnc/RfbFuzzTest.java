// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.vnc;

import com.code_intelligence.jazzer.junit.FuzzTest;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/**
 * Targets for a coverage-guided fuzzer: {@code JAZZER_FUZZ=1 mvn test -pl plugin/vnc -Dtest=RfbFuzzTest#session}. What it finds
 * it puts beside its inputs, where {@link HostileBytesTest} replays it in every run, without the fuzzer's agent.
 */
@EnabledIfEnvironmentVariable(named = "JAZZER_FUZZ", matches = "1")
class RfbFuzzTest {

    @FuzzTest(maxDuration = "3m")
    void handshake(byte[] bytes) {
        RfbTargets.handshake(bytes);
    }

    @FuzzTest(maxDuration = "3m")
    void session(byte[] bytes) {
        RfbTargets.session(bytes);
    }

    @FuzzTest(maxDuration = "3m")
    void clipboard(byte[] bytes) {
        RfbTargets.clipboard(bytes);
    }

    @FuzzTest(maxDuration = "3m")
    void sound(byte[] bytes) {
        RfbTargets.sound(bytes);
    }

    @FuzzTest(maxDuration = "3m")
    void tiles(byte[] bytes) {
        RfbTargets.tiles(bytes);
    }
}
