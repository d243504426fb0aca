// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon.control;

/** What clients of a socket may ask for. */
enum Reach {
    EVERYTHING,
    /** What changes nothing. */
    LOOKING,
    /** Metrics and health alone, for whoever connects. */
    MONITORING
}
