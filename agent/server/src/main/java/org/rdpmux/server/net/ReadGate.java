// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.net;

import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import java.util.EnumSet;
import java.util.Set;

/**
 * Whether a client is read from at present. Several may want it to wait, each for a reason of its own; it is read from again
 * when none does. INVARIANT: nobody else sets the channel's auto-read, which {@link
 * ReadHold} heeds. On the channel's loop.
 */
final class ReadGate {

    /** Why a client waits. */
    enum Reason {
        /** It is not known yet where it leads. */
        ROUTE,
        /** It has had its share of the loop. */
        SHARE,
        /** The guest has not taken yet what it typed. */
        INPUT
    }

    private static final AttributeKey<ReadGate> KEY = AttributeKey.valueOf(ReadGate.class, "gate");

    private final Channel channel;
    private final Set<Reason> reasons = EnumSet.noneOf(Reason.class);
    private Runnable whenOpen = () -> {};

    private ReadGate(Channel channel) {
        this.channel = channel;
    }

    /** A channel's only one. */
    static ReadGate of(Channel channel) {
        ReadGate gate = channel.attr(KEY).get();
        if (gate == null) {
            gate = new ReadGate(channel);
            channel.attr(KEY).set(gate);
        }
        return gate;
    }

    boolean isOpen() {
        return reasons.isEmpty();
    }

    /** @param task goes on with what was read already; in place of the one before */
    void whenOpen(Runnable task) {
        whenOpen = task;
    }

    /** The connection is about to end: whatever comes is read and passed on to nobody. */
    void drain() {
        whenOpen = () -> {};
        reasons.clear();
        channel.config().setAutoRead(true);
    }

    void hold(Reason reason, boolean hold) {
        if (hold) {
            close(reason);
        } else {
            open(reason);
        }
    }

    void close(Reason reason) {
        if (reasons.add(reason) && reasons.size() == 1) {
            channel.config().setAutoRead(false);
        }
    }

    void open(Reason reason) {
        if (reasons.remove(reason) && reasons.isEmpty()) {
            whenOpen.run();
            if (reasons.isEmpty()) { // still, behind what was there
                channel.config().setAutoRead(true);
            }
        }
    }
}
