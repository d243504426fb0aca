// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import org.junit.jupiter.api.Test;

class LogSetupTest {

    private final LoggerContext context = new LoggerContext();

    private String line(boolean journal, Level level, Throwable thrown, String message, Object... arguments) {
        LoggingEvent event =
                new LoggingEvent("fqcn", context.getLogger("org.rdpmux.x"), level, message, thrown, arguments);
        event.setThreadName("agent-1");
        return new LogSetup.Layout(journal).doLayout(event);
    }

    @Test
    void peopleOnATerminalReadSentences() {
        assertEquals(
                "rdpmux: watching qemu:///system\n", line(false, Level.INFO, null, "watching {}", "qemu:///system"));
        assertEquals("rdpmux: warning: careful\n", line(false, Level.WARN, null, "careful"));
        assertEquals("rdpmux: error: broken\n", line(false, Level.ERROR, null, "broken"));
    }

    @Test
    void theJournalGetsPriorities() {
        assertEquals("<6>hello\n", line(true, Level.INFO, null, "hello"));
        assertEquals("<4>hello\n", line(true, Level.WARN, null, "hello"));
        assertEquals("<3>hello\n", line(true, Level.ERROR, null, "hello"));
        assertEquals("<7>[agent-1] org.rdpmux.x: hello\n", line(true, Level.DEBUG, null, "hello"));
        assertEquals("<7>[agent-1] org.rdpmux.x: hello\n", line(true, Level.TRACE, null, "hello"));
    }

    @Test
    void noNameCanForgeALineOrSteerTheTerminal() {
        assertEquals(
                "rdpmux: guest a | rdpmux: error: fake\\u001b[2J is here\n",
                line(false, Level.INFO, null, "guest {} is here", "a\r\n\nrdpmux: error: fake\u001b[2J"));
    }

    @Test
    void noNameCanTurnTheWritingRoundOrHide() {
        assertEquals(
                "<6>guest ü\\u202e\\u2066\\u200b\\u2028\\u0085 is here\n",
                line(true, Level.INFO, null, "guest {} is here", "ü\u202e\u2066\u200b\u2028\u0085"));
        String trace = line(false, Level.ERROR, new IllegalStateException("a\u202eb"), "broken");
        assertTrue(trace.contains("java.lang.IllegalStateException: a\\u202eb\n    at "), trace);
    }

    @Test
    void anExceptionStaysOneEntryOfTheJournal() {
        String journal = line(true, Level.ERROR, new IllegalStateException("why"), "broken");
        assertTrue(journal.startsWith("<3>broken | java.lang.IllegalStateException: why | at "), journal);
        assertEquals(1, journal.lines().count());
        String terminal = line(false, Level.ERROR, new IllegalStateException("why"), "broken");
        assertTrue(terminal.startsWith("rdpmux: error: broken\njava.lang.IllegalStateException: why\n"), terminal);
    }
}
