// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import java.util.zip.ZipException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FatalErrorsTest {

    private final AtomicInteger ends = new AtomicInteger();
    private final Logger log = new LoggerContext().getLogger("test");

    @Test
    void aFullHeapEndsTheProcessWhoeverLogsIt() {
        log("a task raised an exception", new IllegalStateException(new OutOfMemoryError("Java heap space")));
        assertEquals(1, ends.get());
    }

    @ParameterizedTest
    @MethodSource
    void aClassThatCannotBeLoadedEndsTheProcess(Throwable thrown) {
        log("a handler failed", new IllegalStateException(thrown));
        assertEquals(1, ends.get());
    }

    static Stream<Throwable> aClassThatCannotBeLoadedEndsTheProcess() {
        return Stream.of(
                new NoClassDefFoundError("org/rdpmux/x"),
                new ClassFormatError("Truncated class file"),
                new ExceptionInInitializerError("x"),
                new ZipException("ZipFile invalid LOC header (bad signature)"));
    }

    @Test
    void otherErrorsAndFullBuffersDoNot() {
        log("there is no libvirt", new UnsatisfiedLinkError("Unable to load library 'virt'"));
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
