// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.librdpmux;

import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;

class BoundedLogTest {

    @Test
    void leavesOutWhatIsTooMuchAndSaysHowMuch() {
        Logger logger = mock(Logger.class);
        AtomicLong clock = new AtomicLong(-7);
        BoundedLog log = new BoundedLog(logger, 3, clock::get);
        for (int i = 0; i < 10; i++) {
            log.warn("line {}", i);
        }
        verify(logger, times(3)).warn(eq("line {}"), any(Object[].class));
        clock.addAndGet(TimeUnit.MINUTES.toNanos(1));
        log.warn("line {}", 10);
        verify(logger).warn("{} more lines like these were left out", 7L);
        verify(logger, times(4)).warn(eq("line {}"), any(Object[].class));
    }
}
