// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server;

/** Why a connection never saw a console. */
public enum Refusal {
    /** There are as many connections as there may be. */
    CONNECTIONS_FULL,
    /** The console has as many viewers as it may have. */
    VIEWERS_FULL,
    /** It was not understood, was too slow, proved nothing, or made way for a newer one. */
    FAILED
}
