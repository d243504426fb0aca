// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon.consoles;

/**
 * The size of a guest's screen.
 *
 * @param width in pixels, 1 or more
 * @param height likewise
 */
public record ScreenSize(int width, int height) {
    @Override
    public String toString() {
        return width + "x" + height;
    }
}
