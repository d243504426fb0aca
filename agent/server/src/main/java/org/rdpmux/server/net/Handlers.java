// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.net;

/** Names of the handlers in a connection's pipeline, in its order. */
public final class Handlers {

    /** {@link FirstBytesDecoder}, until it knows. */
    public static final String FIRST_BYTES = "first-bytes";

    public static final String TLS = "tls";
    /** {@link NlaHandler}, until the client has proven itself. */
    public static final String NLA = "nla";

    /** {@link FrameDecoder}. */
    public static final String FRAMES = "frames";

    /** The {@link FrameDecoder} behind TLS. */
    public static final String TLS_FRAMES = "tls-frames";

    public static final String CONNECTION = "connection";

    private Handlers() {}
}
