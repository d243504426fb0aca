// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxy;
import ch.qos.logback.core.AppenderBase;
import java.util.zip.ZipError;
import java.util.zip.ZipException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the process after an error that would leave it half alive, so that its service manager starts another. Whoever can go
 * on without what failed catches the error and does not log it; all others log it, event loops included, and that is where
 * it is seen.
 */
final class FatalErrors extends AppenderBase<ILoggingEvent> {

    private static final Logger LOG = LoggerFactory.getLogger(FatalErrors.class);

    /** As Java's own ExitOnOutOfMemoryError. */
    private static final int STATUS = 3;

    private final Runnable end;

    /** @param end ends the process */
    FatalErrors(Runnable end) {
        this.end = end;
    }

    static void endTheProcess() {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        FatalErrors errors = new FatalErrors(() -> Runtime.getRuntime().halt(STATUS));
        errors.setContext(context);
        errors.start();
        // Behind the one that writes the log.
        context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(errors);
        Thread.setDefaultUncaughtExceptionHandler((thread, e) -> LOG.error("the thread {} ended", thread.getName(), e));
    }

    @Override
    protected void append(ILoggingEvent event) {
        Throwable thrown = event.getThrowableProxy() instanceof ThrowableProxy proxy ? proxy.getThrowable() : null;
        if (!event.getLevel().isGreaterOrEqual(Level.WARN)) {
            return; // libraries tell so of what they can do without
        }
        for (int depth = 0; thrown != null && depth < 10; depth++) {
            if (isFatal(thrown)) {
                LOG.error(
                        "the agent cannot go on after {}: it ends, for its service manager to start it anew",
                        thrown.toString());
                end.run();
                return;
            }
            thrown = thrown.getCause();
        }
    }

    private static boolean isFatal(Throwable e) {
        if (e instanceof LinkageError || e instanceof ZipException || e instanceof ZipError) {
            // A class cannot be loaded, such as when the agent's files are written over. A library that is not
            // installed is another matter.
            return !(e instanceof UnsatisfiedLinkError);
        }
        // Buffers outside the heap are bounded apart (Netty's error is a class of its own): who needed one goes
        // without.
        return e.getClass() == OutOfMemoryError.class
                && !String.valueOf(e.getMessage()).contains("direct buffer memory");
    }
}
