// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.codec;

import com.code_intelligence.jazzer.junit.FuzzTest;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/**
 * Targets for a coverage-guided fuzzer, one at a time: {@code testing/fuzz.sh 600 CodecFuzzTest#clearCodec}. What it finds it
 * puts beside its inputs, where {@link HostilePixelsTest} replays it in every run, without the fuzzer's agent.
 */
@EnabledIfEnvironmentVariable(named = "JAZZER_FUZZ", matches = "1")
class CodecFuzzTest {

    @FuzzTest(maxDuration = "2m")
    void clearCodec(byte[] bytes) {
        CodecTargets.ALL.get("clearCodec").accept(bytes);
    }

    @FuzzTest(maxDuration = "2m")
    void planar(byte[] bytes) {
        CodecTargets.ALL.get("planar").accept(bytes);
    }

    @FuzzTest(maxDuration = "2m")
    void progressive(byte[] bytes) {
        CodecTargets.ALL.get("progressive").accept(bytes);
    }

    @FuzzTest(maxDuration = "2m")
    void bulk(byte[] bytes) {
        CodecTargets.ALL.get("bulk").accept(bytes);
    }
}
