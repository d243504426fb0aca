// SPDX-License-Identifier: Apache-2.0
/**
 * What brings a guest's display, its {@link org.rdpmux.server.sharing.Screen}, the viewers and the encoders together, on
 * the console's own thread. {@link org.rdpmux.server.console.ViewerPort} and {@link
 * org.rdpmux.server.console.ViewerLink} are the two directions of its border to the clients' connections.
 */
package org.rdpmux.server.console;
