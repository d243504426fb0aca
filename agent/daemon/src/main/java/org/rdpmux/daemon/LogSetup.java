// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.LayoutBase;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import java.time.Instant;
import org.rdpmux.daemon.config.LogLevel;
import org.rdpmux.security.access.AuditSink;
import org.rdpmux.security.access.Logfmt;
import org.slf4j.LoggerFactory;

/**
 * Logs to standard error: lines for people on a terminal. Where that leads to the journal, entries go there by its own
 * protocol, with fields; those that it does not take are lines with a priority in front ({@code <4>}, sd-daemon(3)).
 */
final class LogSetup {

    private LogSetup() {}

    /** Before anything is logged. */
    static void install(boolean journal) {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();
        Layout layout = new Layout(journal);
        layout.setContext(context);
        layout.start();
        LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
        encoder.setContext(context);
        encoder.setLayout(layout);
        encoder.start();
        ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
        appender.setContext(context);
        appender.setTarget("System.err");
        appender.setEncoder(encoder);
        appender.start();
        Appender<ILoggingEvent> last = journal ? journal(context, appender) : appender;
        context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).addAppender(last);
        level(LogLevel.INFO);
    }

    private static Appender<ILoggingEvent> journal(LoggerContext context, Appender<ILoggingEvent> otherwise) {
        JournalAppender appender = new JournalAppender(JournalAppender.SOCKET, otherwise);
        appender.setContext(context);
        appender.start();
        return appender;
    }

    /** Sets how much is logged; other people's libraries are asked for warnings only, until somebody debugs. */
    static void level(LogLevel level) {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        Level own = Level.toLevel(level.name());
        boolean debugging = level.compareTo(LogLevel.DEBUG) >= 0;
        context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).setLevel(debugging ? Level.INFO : Level.WARN);
        context.getLogger("org.rdpmux").setLevel(own);
        // Tells of a bus that went away with stack traces, of which we tell in a line.
        context.getLogger("org.freedesktop.dbus").setLevel(debugging ? Level.INFO : Level.OFF);
        // Who came in is not a question of how much is logged.
        context.getLogger(AuditSink.LOGGER).setLevel(Level.INFO);
    }

    /** One line for each event, whatever the message holds: names come from guests and clients. */
    static final class Layout extends LayoutBase<ILoggingEvent> {
        private final boolean journal;

        Layout(boolean journal) {
            this.journal = journal;
        }

        @Override
        public String doLayout(ILoggingEvent event) {
            StringBuilder line = new StringBuilder(journal ? "<" + priority(event.getLevel()) + ">" : "rdpmux: ");
            if (!journal && event.getLevel().toInt() < Level.INFO_INT) {
                line.append(Instant.ofEpochMilli(event.getTimeStamp())).append(' ');
            } else if (!journal && event.getLevel().isGreaterOrEqual(Level.WARN)) {
                line.append(event.getLevel() == Level.WARN ? "warning: " : "error: ");
            }
            line.append(journal ? oneLine(text(event)) : text(event));
            return line.append('\n').toString();
        }

        /** What an event says: in its first line, and the lines of a stack trace. */
        static String text(ILoggingEvent event) {
            StringBuilder text = new StringBuilder();
            if (event.getLevel().toInt() < Level.INFO_INT) {
                text.append('[').append(event.getThreadName()).append("] ");
                text.append(event.getLoggerName()).append(": ");
            }
            text.append(oneLine(event.getFormattedMessage()));
            IThrowableProxy thrown = event.getThrowableProxy();
            if (thrown != null) {
                ThrowableProxyUtil.asString(thrown)
                        .lines()
                        .forEach(part -> text.append('\n').append(oneLine(part.replace("\t", "    "))));
            }
            return text.toString();
        }

        private static String oneLine(String text) {
            return Logfmt.shown(text.replaceAll("\\s*[\\r\\n]+\\s*", " | "));
        }

        /** As syslog(3) numbers it. */
        static int priority(Level level) {
            return switch (level.toInt()) {
                case Level.ERROR_INT -> 3;
                case Level.WARN_INT -> 4;
                case Level.INFO_INT -> 6;
                default -> 7;
            };
        }
    }
}
