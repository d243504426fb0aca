// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.qemudbus;

import io.netty.buffer.ByteBuf;

/** Reads one message's body as it arrives, for bodies that are too large to keep. */
@FunctionalInterface
interface MessageBody {

    /** Takes what it can use; true once the body is read, of which it takes exactly as many bytes as the header says. */
    boolean read(ByteBuf in);
}
