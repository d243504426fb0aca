// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server;

/**
 * A guest's screen at one moment, without its pixels.
 *
 * @param width in pixels
 * @param height likewise
 * @param version grows whenever the screen may have changed; 1 or more
 * @param waited whether what was waited for has come; false if the time was over before
 */
public record ScreenState(int width, int height, long version, boolean waited) {}
