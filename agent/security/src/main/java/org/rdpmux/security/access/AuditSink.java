// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.security.access;

import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/** Takes the audit trail. Called on any thread; must neither block for long nor throw. */
@FunctionalInterface
public interface AuditSink {

    /** Name of the logger that {@link #toLog} writes to; where it leads is the logging configuration's business. */
    String LOGGER = "org.rdpmux.audit";

    void accept(AuditEvent event);

    /** Writes each event as a line of level info, and with its fields for what takes these. */
    static AuditSink toLog() {
        return event -> {
            LoggingEventBuilder entry = LoggerFactory.getLogger(LOGGER).atInfo();
            event.fields().forEach(entry::addKeyValue);
            entry.log(event.line());
        };
    }
}
