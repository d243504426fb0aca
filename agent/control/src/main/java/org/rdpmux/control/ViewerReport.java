// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.control;

import java.util.List;

/**
 * A client that sees a console, at one moment.
 *
 * @param id names it in {@link Request.Disconnect}; never used again
 * @param address of the client, {@code HOST:PORT}
 * @param clientName what the client calls its machine, unchecked
 * @param user who it is, or says it is where nothing is asked; may be empty
 * @param viewOnly its input is dropped
 * @param seconds how long it has been there
 * @param width of its desktop in pixels
 * @param height likewise
 * @param bitsPerPixel 15, 16, 24 or 32
 * @param bytesSent so far, before encryption
 * @param framesSent so far
 * @param codecs how it was sent pixels, such as {@code ClearCodec} and {@code H.264}
 * @param state {@code active}, {@code suspended} (its window is minimised) or {@code slow}
 * @param latencyMicros from a frame to its acknowledgement, smoothed; -1 if the client acknowledges none
 * @param roundTripMicros of a message and its answer, smoothed; -1 if the client knows no way to measure it
 */
public record ViewerReport(
        long id,
        String address,
        String clientName,
        String user,
        boolean viewOnly,
        long seconds,
        int width,
        int height,
        int bitsPerPixel,
        long bytesSent,
        long framesSent,
        List<String> codecs,
        String state,
        long latencyMicros,
        long roundTripMicros) {}
