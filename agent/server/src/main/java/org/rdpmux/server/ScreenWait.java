// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server;

import org.rdpmux.display.Rect;

/**
 * What a program waits for at a guest's screen. All of it has to hold at a time.
 *
 * @param area the part of the screen that it is about, in pixels; empty for all of it. One that is not inside the
 *     screen changes with anything
 * @param after the {@link ScreenState#version} that the area has to have changed since; 0 for none
 * @param settleNanos how long the area must not have changed; 0 or more
 * @param timeoutNanos how long to wait at most; 0 or more
 */
public record ScreenWait(Rect area, long after, long settleNanos, long timeoutNanos) {}
