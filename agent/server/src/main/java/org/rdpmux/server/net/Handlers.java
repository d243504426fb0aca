// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.net;

/** Names of the handlers in a connection's pipeline, in its order. */
final class Handlers {

    /** {@link FirstBytesDecoder}, until it knows. */
    static final String FIRST_BYTES = "first-bytes";

    static final String TLS = "tls";
    /** {@link NlaHandler}, until the client has proven itself. */
    static final String NLA = "nla";

    /** {@link FrameDecoder}. */
    static final String FRAMES = "frames";

    /** The {@link FrameDecoder} behind TLS. */
    static final String TLS_FRAMES = "tls-frames";

    static final String CONNECTION = "connection";

    private Handlers() {}
}
