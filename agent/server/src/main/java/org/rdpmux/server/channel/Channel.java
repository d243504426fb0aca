// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.channel;

import io.netty.buffer.ByteBuf;
import java.util.List;
import org.rdpmux.pdu.Pdu;

/**
 * This server's end of one virtual channel, static or dynamic. It lives as long as one connection: it is opened at most once
 * and closed exactly once, also if it was never opened. Each PDU that it gives out is one message.
 */
public interface Channel {

    /** As clients know it: at most seven characters if it is static. */
    String name();

    /** How urgent is what it sends. */
    Priority priority();

    /** Bytes of the longest message that a client may send next; see {@link #passOver} for longer ones. */
    int maxMessage();

    /**
     * The client has the other end.
     *
     * @param now nanoseconds of a clock that does not jump; likewise in {@link #message}
     * @return what to send first
     */
    List<Pdu> open(long now);

    /**
     * A message came, which only happens while the channel is open.
     *
     * @param message borrowed: read during the call, never kept or released
     * @return the replies
     * @throws org.rdpmux.pdu.PduException if the client cannot be understood: the channel will be closed
     */
    List<Pdu> message(ByteBuf message, long now);

    /**
     * A message begins that is longer than {@link #maxMessage}.
     *
     * @return true to have it passed over, whatever its length; false to have the channel closed
     */
    default boolean passOver() {
        return false;
    }

    /** It has ended, or the client does not have it. Nothing follows. */
    void close();
}
