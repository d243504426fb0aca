// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.channel;

import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.OptionalLong;
import org.rdpmux.pdu.Pdu;

/** What is at this end of a static channel: a {@link Channel}, or {@link DynamicChannels}. See there for the methods. */
sealed interface StaticEndpoint permits DynamicChannels, StaticEndpoint.Single {

    String name();

    int maxMessage();

    /** See {@link Channel#passOver}. */
    default boolean passOver() {
        return false;
    }

    List<Message> open(long now);

    List<Message> message(ByteBuf message, long now);

    /** What a channel sends by itself; nothing if that channel is not open here. */
    List<Message> send(Channel channel, Pdu message);

    /** The id of an open dynamic channel of this endpoint; empty if there is none. */
    default OptionalLong dynamicId(Channel channel) {
        return OptionalLong.empty();
    }

    /** When to call {@link #tick}; {@link StaticChannels#NEVER} for not at all. */
    long nextDeadline();

    /** Does what is due. */
    List<Message> tick(long now);

    void close();

    /** A static channel that is itself the channel. */
    record Single(Channel channel) implements StaticEndpoint {

        @Override
        public String name() {
            return channel.name();
        }

        @Override
        public int maxMessage() {
            return channel.maxMessage();
        }

        @Override
        public boolean passOver() {
            return channel.passOver();
        }

        @Override
        public List<Message> open(long now) {
            return messages(channel.open(now));
        }

        @Override
        public List<Message> message(ByteBuf message, long now) {
            return messages(channel.message(message, now));
        }

        @Override
        public List<Message> send(Channel sender, Pdu message) {
            return sender == channel ? messages(List.of(message)) : List.of();
        }

        @Override
        public long nextDeadline() {
            return StaticChannels.NEVER;
        }

        @Override
        public List<Message> tick(long now) {
            return List.of();
        }

        @Override
        public void close() {
            channel.close();
        }

        private List<Message> messages(List<Pdu> pdus) {
            return pdus.stream()
                    .map(pdu -> new Message(channel.priority(), pdu))
                    .toList();
        }
    }
}
