// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.console;

import java.util.Objects;
import org.rdpmux.server.screen.EncoderProfile;

/**
 * What a client can do, once that is agreed.
 *
 * @param width of its desktop in pixels
 * @param height likewise
 * @param resizable whether its desktop can change its size
 * @param profile how it is sent pixels
 * @param frameLimit frames it can have unacknowledged; 0 if it acknowledges none
 * @param moves whether it can move pixels that it has ({@link FrameBatch#moves})
 * @param cacheSlots tiles that it can keep beside its picture; 0 for none, otherwise 8 or more
 */
public record ViewerCapabilities(
        int width,
        int height,
        boolean resizable,
        EncoderProfile profile,
        int frameLimit,
        boolean moves,
        int cacheSlots) {

    public ViewerCapabilities {
        Objects.requireNonNull(profile);
        if (width < 1 || height < 1) {
            throw new IllegalArgumentException("desktop of " + width + "x" + height);
        }
    }
}
