// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon.config;

import java.util.Arrays;
import java.util.Locale;

/** How much is logged. */
public enum LogLevel {
    ERROR,
    WARN,
    INFO,
    DEBUG,
    TRACE;

    static LogLevel parse(String text) {
        return Arrays.stream(values())
                .filter(level -> level.name().toLowerCase(Locale.ROOT).equals(text))
                .findAny()
                .orElseThrow(
                        () -> new IllegalArgumentException("is not one of 'error', 'warn', 'info', 'debug', 'trace'"));
    }
}
