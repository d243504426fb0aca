// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.console;

/** What a console waits for at a viewer. */
enum ViewerStage {
    /** To know the desktop's size, to offer it. */
    JOINING,
    /** The client to finish its connection with the size it was offered. */
    CONNECTING,
    /** Nothing: the client sees the screen. */
    SHOWING,
    /** A screen to show. */
    BLANK,
    /** The client to change to another size. */
    RESIZING,
    /** The client has left. */
    GONE
}
