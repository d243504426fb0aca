// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.codec;

import io.netty.buffer.ByteBuf;

/**
 * Encodes a picture again and again as one stream, in which each frame refers to the one before. The stream is H.264 of the
 * constrained baseline profile, with full-range BT.709 colours, as [MS-RDPEGFX] 3.3.8.3.1 wants them. Used by one thread at a
 * time, not always the same; holds native memory until it is closed.
 */
public interface VideoEncoder extends AutoCloseable {

    /** The finest quantiser, and the coarsest. */
    int MIN_QP = 0;

    int MAX_QP = 51;

    /** The picture, to be drawn into between two frames. What was not drawn anew stays as it is. */
    I420Picture picture();

    /**
     * Appends the picture as the stream's next access unit, in the byte stream format of H.264's Annex B.
     *
     * @param key whether the frame is to stand by itself; the first one does in any case, and no other that was not asked for
     * @param qp {@link #MIN_QP} to {@link #MAX_QP}: 24 looks like the picture, 36 is a sixth of its bytes
     * @param out grows by the access unit; neither kept nor released
     * @throws VideoException if the encoder fails; the stream is worth nothing then
     */
    void encode(boolean key, int qp, ByteBuf out);

    /** Frees what the encoder and its picture hold. Idempotent. */
    @Override
    void close();
}
