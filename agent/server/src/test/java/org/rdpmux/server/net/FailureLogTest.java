// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class FailureLogTest {

    private final FailureLog log = new FailureLog();

    @Test
    void logsALineForEachFailureButForAFloodHowManyThereWereAndFromWhere() {
        assertEquals("", log.summary(0));
        for (int i = 0; i < FailureLog.LINES; i++) {
            assertTrue(log.mayLog("192.0.2.1"));
        }
        for (int i = 0; i < 970; i++) {
            assertFalse(log.mayLog(i % 97 == 0 ? "192.0.2.2" : "192.0.2.1"));
        }
        assertEquals("", log.summary(FailureLog.PERIOD_NANOS - 1));
        assertEquals(
                "970 more connections failed: 960 from 192.0.2.1, 10 from 192.0.2.2",
                log.summary(FailureLog.PERIOD_NANOS));
        assertTrue(log.mayLog("192.0.2.1"));
        assertEquals("", log.summary(2 * FailureLog.PERIOD_NANOS));
    }

    @Test
    void whatAClientSentFillsNoLogAndWritesNoLine() {
        assertEquals("TLS: a?b?c", FailureLog.harmless("TLS: a\nb\u202ec"));
        assertEquals(
                FailureLog.MAX_REASON, FailureLog.harmless("16".repeat(10_000)).length());
    }
}
