// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.mcs;

import io.netty.buffer.ByteBuf;
import org.rdpmux.pdu.PduException;

/** A UserId: an INTEGER from 1001 to 65535, written as its distance from 1001. */
final class UserChannel {

    private UserChannel() {}

    /** Reads 2 bytes that are known to be there. */
    static int read(ByteBuf in, String structure, String field) {
        int value = in.readUnsignedShort() + DomainPdu.FIRST_USER_CHANNEL;
        PduException.range(value, DomainPdu.FIRST_USER_CHANNEL, 0xffff, structure, field);
        return value;
    }

    static void check(int user) {
        if (user < DomainPdu.FIRST_USER_CHANNEL || user > 0xffff) {
            throw new IllegalArgumentException("user channel " + user);
        }
    }
}
