// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.connection;

/**
 * What the connection sequence has to know of this server.
 *
 * @param maxUpdateSize bytes of fast-path update this server wants to be able to send in fragments (the Multifragment
 *     Update Capability Set it announces); {@value #MIN_UPDATE_SIZE} to {@value #MAX_UPDATE_SIZE}
 * @param unacknowledgedFrames frames the client may leave unacknowledged, 1 or more: announced to clients that
 *     acknowledge frames
 */
public record ConnectionConfig(int maxUpdateSize, int unacknowledgedFrames) {

    /** A pointer of 384x384 needs this ([MS-RDPBCGR] 2.2.7.2.7). */
    public static final int MIN_UPDATE_SIZE = 608_299;
    /** Some clients refuse connections to servers that announce 16 MiB. */
    public static final int MAX_UPDATE_SIZE = 8 << 20;

    /** The usual limits. */
    public static final ConnectionConfig DEFAULT = new ConnectionConfig(MAX_UPDATE_SIZE, 2);

    public ConnectionConfig {
        if (maxUpdateSize < MIN_UPDATE_SIZE || maxUpdateSize > MAX_UPDATE_SIZE) {
            throw new IllegalArgumentException("update size " + maxUpdateSize);
        }
        if (unacknowledgedFrames < 1) {
            throw new IllegalArgumentException("unacknowledged frames " + unacknowledgedFrames);
        }
    }
}
