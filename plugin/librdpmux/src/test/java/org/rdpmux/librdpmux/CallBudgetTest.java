// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.librdpmux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class CallBudgetTest {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final CallBudget budget = new CallBudget(10, 2);

    private int calls(int pid, long now) {
        int calls = 0;
        while (calls < 1000 && budget.take(pid, now)) {
            calls++;
        }
        return calls;
    }

    @Test
    void givesSoManyAtOnceAndThenSoManyASecond() {
        long now = Long.MAX_VALUE - SECOND; // the clock may turn over
        assertEquals(10, calls(7, now));
        assertEquals(0, calls(7, now + SECOND / 4));
        assertEquals(1, calls(7, now + SECOND / 2));
        assertEquals(6, calls(7, now + SECOND / 2 + 3 * SECOND));
        assertEquals(10, calls(7, now + 100 * SECOND));
    }

    @Test
    void isEachProcesssOwn() {
        assertEquals(10, calls(7, 0));
        assertEquals(10, calls(8, 0));
        assertFalse(budget.take(7, 0));
    }

    @Test
    void forgetsProcessesOfLongAgo() {
        calls(7, 0);
        for (int pid = 100; pid < 10_000; pid++) {
            budget.take(pid, 0);
        }
        assertTrue(budget.take(7, 0));
    }
}
