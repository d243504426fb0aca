// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.qemudbus;

import com.code_intelligence.jazzer.junit.FuzzTest;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/**
 * Targets for a coverage-guided fuzzer: {@code JAZZER_FUZZ=1 mvn test -pl plugin/qemu-dbus -Dtest=DbusFuzzTest#listener}. What it
 * finds it puts beside its inputs, where {@link HostileBytesTest} replays it in every run, without the fuzzer's agent.
 */
@EnabledIfEnvironmentVariable(named = "JAZZER_FUZZ", matches = "1")
class DbusFuzzTest {

    @FuzzTest(maxDuration = "3m")
    void console(byte[] bytes) {
        DbusTargets.console(bytes);
    }

    @FuzzTest(maxDuration = "3m")
    void listener(byte[] bytes) {
        DbusTargets.listener(bytes);
    }
}
