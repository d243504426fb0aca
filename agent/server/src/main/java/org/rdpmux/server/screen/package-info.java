// SPDX-License-Identifier: Apache-2.0
/**
 * The guest's screen and its encoders, without viewers: no input or output, no clock. Times are nanoseconds of the caller's
 * monotonic clock and come in as arguments; {@link org.rdpmux.server.screen.Screen#NEVER} stands for no deadline.
 */
package org.rdpmux.server.screen;
