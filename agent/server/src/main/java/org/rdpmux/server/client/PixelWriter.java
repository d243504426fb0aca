// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.client;

import io.netty.buffer.ByteBuf;
import org.rdpmux.server.console.FrameBatch;

/** Puts pixels into the PDUs that one client understands. Used by one thread; made anew with each activation. */
public interface PixelWriter {

    /**
     * A batch's pixels as the client gets them: whole PDUs, none of which is a fragment of an update. Empty if the batch
     * has none.
     *
     * @param batch released in any case
     * @return a buffer of the caller's
     */
    ByteBuf write(FrameBatch batch);

    /** True if each batch is marked as a frame, which the client acknowledges. */
    boolean marksFrames();
}
