// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.net;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class FailureLogTest {

    private final FailureLog log = new FailureLog();

    @Test
    void logsALineForEachFailureButNotForAFlood() {
        for (int i = 0; i < FailureLog.LINES; i++) {
            assertEquals(List.of("line " + i), log.lines("line " + i, 100 + i));
        }
        for (int i = 0; i < 970; i++) {
            assertEquals(List.of(), log.lines("flood", 1000 + i));
        }
        assertEquals(List.of("970 more connections failed", "next"), log.lines("next", 100 + FailureLog.PERIOD_NANOS));
        assertEquals(List.of("after"), log.lines("after", 101 + FailureLog.PERIOD_NANOS));
    }

    @Test
    void whatAClientSentFillsNoLogAndWritesNoLine() {
        assertEquals("TLS: a?b?c", FailureLog.harmless("TLS: a\nb\u202ec"));
        assertEquals(
                FailureLog.MAX_REASON, FailureLog.harmless("16".repeat(10_000)).length());
    }
}
