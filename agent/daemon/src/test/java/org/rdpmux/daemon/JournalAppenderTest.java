// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.event.KeyValuePair;

class JournalAppenderTest {

    @TempDir
    private Path directory;

    private final LoggerContext context = new LoggerContext();
    private final ListAppender<ILoggingEvent> otherwise = new ListAppender<>();
    private Path path;
    private JournalAppender appender;

    @BeforeEach
    void start() {
        path = directory.resolve("socket");
        otherwise.start();
        appender = new JournalAppender(path.toString(), otherwise);
        appender.setContext(context);
        appender.start();
    }

    @AfterEach
    void stop() {
        appender.stop();
    }

    private Socket listen() throws IOException {
        Epoll.ensureAvailability();
        Socket journal = Socket.newSocketDomainDgram();
        journal.bind(new DomainSocketAddress(path.toFile()));
        return journal;
    }

    private static String next(Socket journal) throws IOException {
        ByteBuffer datagram = ByteBuffer.allocateDirect(1 << 18);
        int length = journal.recv(datagram, 0, datagram.capacity());
        byte[] bytes = new byte[length];
        datagram.get(bytes);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private LoggingEvent event(Level level, Throwable thrown, String message, Object... arguments) {
        LoggingEvent event =
                new LoggingEvent("fqcn", context.getLogger("org.rdpmux.x"), level, message, thrown, arguments);
        event.setThreadName("agent-1");
        event.setInstant(Instant.EPOCH);
        return event;
    }

    @Test
    void pairsBecomeFields() throws IOException {
        Socket journal = listen();
        LoggingEvent event = event(Level.WARN, null, "{} is late", "web1");
        event.setKeyValuePairs(List.of(new KeyValuePair("console", "web1"), new KeyValuePair("by_uid", 7)));
        appender.doAppend(event);
        assertEquals(
                "MESSAGE=web1 is late\nPRIORITY=4\nSYSLOG_IDENTIFIER=rdpmux\nRDPMUX_CONSOLE=web1\nRDPMUX_BY_UID=7\n",
                next(journal));
        assertEquals(List.of(), otherwise.list);
        journal.close();
    }

    /** The length, of 64 bits, makes of a line feed a part of the value. */
    @Test
    void noNameCanForgeAField() throws IOException {
        Socket journal = listen();
        LoggingEvent event = event(Level.INFO, null, "a\nPRIORITY=0 joined");
        event.setKeyValuePairs(List.of(new KeyValuePair("user", "a\nPRIORITY=0")));
        appender.doAppend(event);
        assertEquals(
                "MESSAGE=a | PRIORITY=0 joined\nPRIORITY=6\nSYSLOG_IDENTIFIER=rdpmux\n"
                        + "RDPMUX_USER\n\14\0\0\0\0\0\0\0a\nPRIORITY=0\n",
                next(journal));
        journal.close();
    }

    @Test
    void aStackTraceKeepsItsLines() throws IOException {
        Socket journal = listen();
        appender.doAppend(event(Level.ERROR, new IllegalStateException("why"), "broken"));
        String entry = next(journal);
        assertTrue(entry.startsWith("MESSAGE\n"), entry);
        assertTrue(entry.contains("broken\njava.lang.IllegalStateException: why\n    at "), entry);
        journal.close();
    }

    @Test
    void aLongValueIsCut() throws IOException {
        Socket journal = listen();
        appender.doAppend(event(Level.INFO, null, "x".repeat(JournalAppender.MAX_VALUE + 1)));
        assertTrue(next(journal).startsWith("MESSAGE=" + "x".repeat(JournalAppender.MAX_VALUE) + "\nPRIORITY=6\n"));
        journal.close();
    }

    @Test
    void entriesGoTheOtherWayWhileThereIsNoJournal() throws IOException {
        appender.doAppend(event(Level.INFO, null, "first"));
        Socket journal = listen();
        appender.doAppend(event(Level.INFO, null, "second"));
        assertTrue(next(journal).startsWith("MESSAGE=second\n"));
        journal.close();
        Files.delete(path);
        appender.doAppend(event(Level.INFO, null, "third"));
        Socket again = listen();
        appender.doAppend(event(Level.INFO, null, "fourth"));
        assertTrue(next(again).startsWith("MESSAGE=fourth\n"));
        again.close();
        assertEquals(
                List.of("first", "third"),
                otherwise.list.stream().map(ILoggingEvent::getFormattedMessage).toList());
    }

    @Test
    void neverWaitsForAJournalThatDoesNotRead() throws IOException {
        Socket journal = listen();
        for (int i = 0; i < 10_000 && otherwise.list.isEmpty(); i++) {
            appender.doAppend(event(Level.INFO, null, "line " + i));
        }
        assertEquals(1, otherwise.list.size());
        journal.close();
    }
}
