// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.security.access;

import org.slf4j.LoggerFactory;

/** Takes the audit trail. Called on any thread; must neither block for long nor throw. */
@FunctionalInterface
public interface AuditSink {

    /** Name of the logger that {@link #toLog} writes to; where it leads is the logging configuration's business. */
    String LOGGER = "org.rdpmux.audit";

    void accept(AuditEvent event);

    /** Writes each event as a line of level info. */
    static AuditSink toLog() {
        return event -> LoggerFactory.getLogger(LOGGER).info("{}", event.line());
    }
}
