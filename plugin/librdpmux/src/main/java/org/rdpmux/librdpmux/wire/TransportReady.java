// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.librdpmux.wire;

/** User event of the pipeline: the framing's handshake is over, payloads may be sent. */
public record TransportReady(Framing framing) {

    /** The two framings. */
    public enum Framing {
        SP,
        ZMTP
    }
}
