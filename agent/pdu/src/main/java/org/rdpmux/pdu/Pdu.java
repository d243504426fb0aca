// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu;

import io.netty.buffer.ByteBuf;

/** A structure that can be written to the wire. Its type has a static {@code decode} that reads it back. */
public interface Pdu {

    /** Exactly the number of bytes {@link #encode} writes. */
    int size();

    /** Appends this structure to {@code out}, which stays the caller's. */
    void encode(ByteBuf out);
}
