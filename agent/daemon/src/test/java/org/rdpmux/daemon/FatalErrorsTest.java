// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class FatalErrorsTest {

    private final AtomicInteger ends = new AtomicInteger();
    private final Logger log = new LoggerContext().getLogger("test");

    @Test
    void aFullHeapEndsTheProcessWhoeverLogsIt() {
        log("a task raised an exception", new IllegalStateException(new OutOfMemoryError("Java heap space")));
        assertEquals(1, ends.get());
    }

    @Test
    void otherErrorsAndFullBuffersDoNot() {
        log("refused", new IllegalStateException("no"));
        log("no trace", null);
        log(
                "lost",
                new OutOfMemoryError("Cannot reserve 4194304 bytes of direct buffer memory (allocated: 1, limit: 2)"));
        assertEquals(0, ends.get());
    }

    private void log(String message, Throwable thrown) {
        FatalErrors errors = new FatalErrors(ends::incrementAndGet);
        errors.setContext(log.getLoggerContext());
        errors.start();
        log.addAppender(errors);
        log.setLevel(Level.WARN);
        log.warn(message, thrown);
        log.detachAppender(errors);
    }
}
