// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.dvc;

import io.netty.buffer.ByteBuf;

/**
 * A PDU of which no more than the command is read: Soft-Sync ([MS-RDPEDYC] 2.2.5), which moves channels to a transport of their
 * own that this project does not have, and what later versions may bring. Its content stays in the buffer.
 *
 * @param command 0 to 15
 */
public record OtherPdu(int command) implements DynamicChannelPdu {

    public static final int SOFT_SYNC_REQUEST = 8;
    public static final int SOFT_SYNC_RESPONSE = 9;

    public OtherPdu {
        if (command < 0 || command > 15) {
            throw new IllegalArgumentException("command " + command);
        }
    }

    @Override
    public int size() {
        return PduHeader.SIZE;
    }

    @Override
    public void encode(ByteBuf out) {
        PduHeader.write(out, command, 0, 0);
    }
}
