// SPDX-License-Identifier: Apache-2.0
/**
 * One guest's console with its viewers, on one thread: opens the display, decides which viewer gets which tiles and when,
 * and makes one keyboard and mouse out of those of all viewers. Knows no client's protocol and no socket.
 */
package org.rdpmux.server.console;
