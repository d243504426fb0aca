// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.mcs;

import io.netty.buffer.ByteBuf;
import org.rdpmux.pdu.PduException;

/**
 * DisconnectProviderUltimatum ([T125] 7, part 8; [MS-RDPBCGR] 2.2.2.3): the last word of the side that leaves.
 *
 * @param reason one of the {@code RN_} constants, 0 to 4
 */
public record DisconnectProviderUltimatum(int reason) implements DomainPdu {

    public static final int RN_DOMAIN_DISCONNECTED = 0;
    public static final int RN_PROVIDER_INITIATED = 1;
    public static final int RN_TOKEN_PURGED = 2;
    public static final int RN_USER_REQUESTED = 3;
    public static final int RN_CHANNEL_PURGED = 4;

    static final int CHOICE = 8;

    private static final String NAME = "DisconnectProviderUltimatum";

    public DisconnectProviderUltimatum {
        if (reason < 0 || reason > RN_CHANNEL_PURGED) {
            throw new IllegalArgumentException("reason " + reason);
        }
    }

    static DisconnectProviderUltimatum decode(int options, ByteBuf in) {
        PduException.need(in, 1, NAME, "reason");
        int reason = options << 1 | in.readUnsignedByte() >> 7; // 3 bits, the last one in a second byte
        PduException.range(reason, 0, RN_CHANNEL_PURGED, NAME, "reason");
        return new DisconnectProviderUltimatum(reason);
    }

    @Override
    public int size() {
        return 2;
    }

    @Override
    public void encode(ByteBuf out) {
        out.writeByte(CHOICE << 2 | reason >> 1).writeByte((reason & 1) << 7);
    }
}
