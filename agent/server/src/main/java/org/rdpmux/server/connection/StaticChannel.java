// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.connection;

/**
 * A static virtual channel that a client announced (CHANNEL_DEF, [MS-RDPBCGR] 2.2.1.3.4.1).
 *
 * @param channelId its MCS channel
 * @param name at most seven characters, as sent
 * @param options as sent; some clients set bits that have no meaning
 */
public record StaticChannel(int channelId, String name, int options) {

    private static final int OPTION_SHOW_PROTOCOL = 0x00200000;

    /** True if the client's end of the channel wants to see the headers of chunks. */
    public boolean showsProtocol() {
        return (options & OPTION_SHOW_PROTOCOL) != 0;
    }
}
