// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.screen;

/**
 * What the next frame of a {@link VideoStream} is to be.
 *
 * @param parts of tiles that {@linkplain VideoStream#suits suit} it
 * @param key whether somebody needs a key frame
 * @param budget what viewers take at a time, in bytes
 * @param now when it is begun
 */
public record VideoFrame(TileParts parts, boolean key, int budget, long now) {

    /** Whether it is worth its cost. */
    public boolean isWorthIt() {
        return parts.count() >= VideoStream.MIN_TILES;
    }
}
