// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.control.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ReportTextTest {

    @Test
    void roundsAmountsToThreeDigits() {
        assertEquals("0 B", ReportText.bytes(0));
        assertEquals("999 B", ReportText.bytes(999));
        assertEquals("1.00 kB", ReportText.bytes(1000));
        assertEquals("1.00 MB", ReportText.bytes(999_950));
        assertEquals("10.0 MB", ReportText.bytes(9_999_999));
        assertEquals("59s", ReportText.duration(59));
        assertEquals("1m 0s", ReportText.duration(60));
        assertEquals("2d 1h", ReportText.duration(2 * 86400 + 3600));
    }
}
