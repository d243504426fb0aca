// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.channel;

import com.code_intelligence.jazzer.junit.FuzzTest;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/**
 * Targets for a coverage-guided fuzzer: {@code JAZZER_FUZZ=1 mvn test -pl agent/server -Dtest=ChannelFuzzTest#conversation}. What
 * it finds it puts beside its inputs, where {@link HostileChannelsTest} replays it in every run, without the fuzzer's agent.
 */
@EnabledIfEnvironmentVariable(named = "JAZZER_FUZZ", matches = "1")
class ChannelFuzzTest {

    @FuzzTest(maxDuration = "2m")
    void pdu(byte[] bytes) {
        ChannelTargets.pdu(bytes);
    }

    @FuzzTest(maxDuration = "2m")
    void conversation(byte[] bytes) {
        ChannelTargets.conversation(bytes);
    }
}
