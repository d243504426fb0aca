// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.librdpmux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** The service on a machine without a bus. */
class NoBusTest {

    @TempDir
    Path directory;

    @Test
    void endsAtOnceWhereThereIsNoBus() throws Exception {
        LibrdpmuxService service = new LibrdpmuxService(
                ServiceMain.config(directory, "unix:path=" + directory.resolve("bus")), new RecordingListener());
        service.start();
        assertFalse(service.isOnBus());
        assertTimeout(Duration.ofSeconds(5), service::close);
    }

    @Test
    void takesItsNameOnceThereIsABus() throws Exception {
        assumeTrue(PrivateBus.isInstalled(), "no D-Bus daemon here");
        String address = "unix:path=" + directory.resolve("bus");
        try (LibrdpmuxService service =
                new LibrdpmuxService(ServiceMain.config(directory, address), new RecordingListener())) {
            service.start();
            try (PrivateBus bus = new PrivateBus(directory)) {
                Wait.until("the service is on " + bus.address(), service::isOnBus);
            }
        }
    }

    @Test
    void saysOnceThatItMayNotHaveItsName() throws Exception {
        assumeTrue(PrivateBus.isInstalled(), "no D-Bus daemon here");
        Logger logger = (Logger) LoggerFactory.getLogger(BusConnector.class);
        Level before = logger.getLevel();
        Queue<ILoggingEvent> log = new ConcurrentLinkedQueue<>();
        AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
            @Override
            protected void append(ILoggingEvent event) {
                log.add(event);
            }
        };
        appender.start();
        logger.addAppender(appender);
        logger.setLevel(Level.DEBUG);
        try (PrivateBus bus = new PrivateBus(directory, """
                        <policy context="default">
                          <allow user="*"/><allow send_destination="*"/><allow receive_sender="*"/>
                        </policy>
                        """);
                LibrdpmuxService service =
                        new LibrdpmuxService(ServiceMain.config(directory, bus.address()), new RecordingListener())) {
            service.start();
            Wait.until("it tried three times", () -> log.size() >= 3);
            assertEquals(1, log.stream().filter(e -> e.getLevel() == Level.WARN).count(), log::toString);
            assertTrue(log.peek().getFormattedMessage().contains("is not allowed to own"), log::toString);
        } finally {
            logger.setLevel(before);
            logger.detachAppender(appender);
        }
    }
}
