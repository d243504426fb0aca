// SPDX-License-Identifier: Apache-2.0
/**
 * One screen, many viewers, as plain state: no input or output, no clock, no thread. Times are nanoseconds of the caller's
 * monotonic clock and come in as arguments; {@link org.rdpmux.server.sharing.Screen#NEVER} stands for no deadline.
 *
 * <p>A {@link org.rdpmux.server.sharing.Screen} finds out which tiles changed, a {@link
 * org.rdpmux.server.sharing.Viewer} remembers which it owes to its client, and a {@link
 * org.rdpmux.server.sharing.TileLane} keeps a tile's newest bytes for all viewers that can read them. An encoder that
 * makes a stream (each frame refers to the one before) will stand beside TileLane; Screen and Viewer do not change for it.
 */
package org.rdpmux.server.sharing;
