// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.security.nla;

import com.code_intelligence.jazzer.junit.FuzzTest;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/**
 * Targets for a coverage-guided fuzzer: {@code JAZZER_FUZZ=1 mvn test -pl agent/security -Dtest=NlaFuzzTest#tsRequest}. What
 * it finds it puts beside its inputs, where {@link HostileBytesTest} replays it in every run, without the fuzzer's agent,
 * which takes longer to start than all tests together.
 */
@EnabledIfEnvironmentVariable(named = "JAZZER_FUZZ", matches = "1")
class NlaFuzzTest {

    @FuzzTest(maxDuration = "2m")
    void tsRequest(byte[] bytes) {
        NlaTargets.tsRequest(bytes);
    }

    @FuzzTest(maxDuration = "2m")
    void spnego(byte[] bytes) {
        NlaTargets.spnego(bytes);
    }

    @FuzzTest(maxDuration = "2m")
    void ntlm(byte[] bytes) {
        NlaTargets.ntlm(bytes);
    }

    @FuzzTest(maxDuration = "2m")
    void tsCredentials(byte[] bytes) {
        NlaTargets.tsCredentials(bytes);
    }

    @FuzzTest(maxDuration = "2m")
    void conversation(byte[] bytes) {
        NlaTargets.anyStep(bytes);
    }
}
