// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.channel;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.rdpmux.pdu.Pdu;
import org.rdpmux.pdu.PduException;
import org.rdpmux.pdu.caps.VirtualChannelCapability;
import org.rdpmux.pdu.channel.ChannelPduHeader;
import org.rdpmux.pdu.gcc.ClientNetworkData.ChannelDef;

/**
 * One client's static virtual channels ([MS-RDPBCGR] 3.1.5.2): messages are cut into chunks, chunks put together to messages.
 * They are opened with the first share and outlive it; while there is no share nothing may be sent, and what channels say is
 * held. A channel on which the client breaks the rules is silent from then on, since there is no PDU that closes it. Used by
 * one thread.
 */
public final class StaticChannels {

    /** No time at all. */
    public static final long NEVER = Long.MAX_VALUE;

    /** What this server announced in its capabilities and what clients can do in any case. */
    private static final int CHUNK_SIZE = VirtualChannelCapability.DEFAULT_CHUNK_SIZE;

    /** Bytes that may be held while no share is active: answers to what a client sends during a change of size. */
    static final int MAX_HELD = 64 << 10;

    private static final String NAME = "CHANNEL_PDU_HEADER";

    /** One channel that both ends have. */
    private static final class Slot {
        final int channelId;
        final boolean showsProtocol;
        final StaticEndpoint endpoint;
        final Reassembly reassembly;
        boolean failed;
        /** Chunks belong to a message that is passed over. */
        boolean passing;

        Slot(int channelId, ChannelDef announced, StaticEndpoint endpoint, ReassemblyBudget budget) {
            this.channelId = channelId;
            this.showsProtocol = announced.has(ChannelDef.OPTION_SHOW_PROTOCOL);
            this.endpoint = endpoint;
            this.reassembly = new Reassembly(endpoint::maxMessage, budget, NAME);
        }

        int flags() {
            return showsProtocol ? ChannelPduHeader.FLAG_SHOW_PROTOCOL : 0;
        }
    }

    private final Map<Integer, Slot> slots = new HashMap<>();
    private final Consumer<String> log;
    private List<Outgoing> held = new ArrayList<>();
    private int heldBytes;
    private boolean opened;
    private boolean active;

    /**
     * @param announced what the client announced, by MCS channel; what it did not announce is closed
     * @param dynamic what is at the end of {@code drdynvc}
     * @param channels what is at the end of others
     * @param log is told of channels that fail
     */
    public StaticChannels(
            Map<Integer, ChannelDef> announced,
            DynamicChannels dynamic,
            List<Channel> channels,
            ReassemblyBudget budget,
            Consumer<String> log) {
        this.log = log;
        List<StaticEndpoint> endpoints = new ArrayList<>();
        endpoints.add(dynamic);
        channels.forEach(channel -> endpoints.add(new StaticEndpoint.Single(channel)));
        for (StaticEndpoint endpoint : endpoints) {
            announced.entrySet().stream()
                    .filter(each -> each.getValue().name().equalsIgnoreCase(endpoint.name()))
                    .findFirst()
                    .map(each -> new Slot(each.getKey(), each.getValue(), endpoint, budget))
                    .ifPresentOrElse(slot -> slots.put(slot.channelId, slot), endpoint::close);
        }
    }

    /**
     * A share is active: output may begin.
     *
     * @param now nanoseconds of a clock that does not jump; likewise in all methods
     * @return what to send; likewise of all methods
     */
    public List<Outgoing> activated(long now) {
        active = true;
        if (!opened) {
            opened = true;
            List<Outgoing> out = new ArrayList<>();
            slots.values().forEach(slot -> out.addAll(outgoing(slot, slot.endpoint.open(now))));
            return out;
        }
        List<Outgoing> out = held;
        held = new ArrayList<>();
        heldBytes = 0;
        return out;
    }

    /** Whether a share is active. */
    public boolean isActive() {
        return active;
    }

    /** The share has ended: nothing is sent until the next. */
    public void deactivated() {
        active = false;
    }

    /**
     * A chunk came. Chunks of channels that nobody here knows are passed over, and those that come before the first share.
     *
     * @param data behind the header; borrowed
     */
    public List<Outgoing> received(int channelId, ChannelPduHeader header, byte[] data, long now) {
        Slot slot = slots.get(channelId);
        if (slot == null || slot.failed || !opened) {
            return List.of();
        }
        try {
            ByteBuf message = isPassedOver(slot, header) ? null : reassemble(slot.reassembly, header, data);
            return message == null ? List.of() : outgoing(slot, slot.endpoint.message(message, now));
        } catch (PduException e) {
            fail(slot, e.getMessage());
            return List.of();
        }
    }

    /** Whether a chunk belongs to a message that is too long, and that its channel does not mind. */
    private static boolean isPassedOver(Slot slot, ChannelPduHeader header) {
        if (header.isFirst() && !slot.reassembly.isBegun()) {
            slot.passing = header.length() > slot.endpoint.maxMessage() && slot.endpoint.passOver();
        }
        boolean passed = slot.passing;
        slot.passing &= !header.isLast();
        return passed;
    }

    private static ByteBuf reassemble(Reassembly reassembly, ChannelPduHeader header, byte[] data) {
        if (header.isCompressed()) {
            throw new PduException(NAME, "flags", "compressed, which was not offered");
        }
        if (header.isFirst()) {
            reassembly.begin(header.length());
        } else if (!reassembly.isBegun()) {
            throw new PduException(NAME, "flags", "a message without its beginning");
        }
        ByteBuf part = Unpooled.wrappedBuffer(data);
        if (header.isLast() != reassembly.isCompletedBy(part)) {
            throw new PduException(NAME, "flags", header.isLast() ? "the last chunk too early" : "no last chunk");
        }
        return reassembly.append(part);
    }

    /** What a channel sends by itself: nothing if it is not open. */
    public List<Outgoing> send(Channel channel, Pdu message) {
        for (Slot slot : slots.values()) {
            List<Message> messages = slot.failed || !opened ? List.of() : slot.endpoint.send(channel, message);
            if (!messages.isEmpty()) {
                return outgoing(slot, messages);
            }
        }
        return List.of();
    }

    /** The way to a dynamic channel; empty if it is not open, or no share is active. */
    public Optional<DynamicPath> path(Channel channel) {
        for (Slot slot : slots.values()) {
            OptionalLong id = slot.failed || !active ? OptionalLong.empty() : slot.endpoint.dynamicId(channel);
            if (id.isPresent()) {
                return Optional.of(new DynamicPath(slot.channelId, id.getAsLong(), slot.flags()));
            }
        }
        return Optional.empty();
    }

    /** When to call {@link #tick}; {@link #NEVER} for not at all. */
    public long nextDeadline() {
        return slots.values().stream()
                .filter(slot -> !slot.failed)
                .mapToLong(slot -> slot.endpoint.nextDeadline())
                .min()
                .orElse(NEVER);
    }

    /** Does what is due: gives up what clients did not answer. */
    public List<Outgoing> tick(long now) {
        List<Outgoing> out = new ArrayList<>();
        for (Slot slot : slots.values()) {
            if (!slot.failed) {
                out.addAll(outgoing(slot, slot.endpoint.tick(now)));
            }
        }
        return out;
    }

    /** The connection has ended. */
    public void close() {
        for (Slot slot : slots.values()) {
            if (!slot.failed) {
                end(slot);
            }
        }
    }

    private void fail(Slot slot, String reason) {
        log.accept("channel " + slot.endpoint.name() + " failed: " + reason);
        end(slot);
    }

    private static void end(Slot slot) {
        slot.failed = true;
        slot.reassembly.clear();
        slot.endpoint.close();
    }

    /** Cuts messages; holds the chunks while no share is active. */
    private List<Outgoing> outgoing(Slot slot, List<Message> messages) {
        if (messages.isEmpty()) {
            return List.of();
        }
        List<Outgoing> out = new ArrayList<>();
        messages.forEach(message -> cut(slot, message, out));
        if (active) {
            return out;
        }
        int bytes = out.stream().mapToInt(Outgoing::size).sum();
        if (heldBytes + bytes > MAX_HELD) {
            fail(slot, "too many answers are due while its share is not active");
        } else {
            heldBytes += bytes;
            held.addAll(out);
        }
        return List.of();
    }

    private static void cut(Slot slot, Message message, List<Outgoing> out) {
        int size = message.pdu().size();
        List<Pdu> chunks = size <= CHUNK_SIZE ? List.of(message.pdu()) : Part.cut(message.pdu(), CHUNK_SIZE);
        for (int i = 0; i < chunks.size(); i++) {
            int first = i == 0 ? ChannelPduHeader.FLAG_FIRST : 0;
            int last = i == chunks.size() - 1 ? ChannelPduHeader.FLAG_LAST : 0;
            ChannelPduHeader header = new ChannelPduHeader(size, slot.flags() | first | last);
            out.add(new Outgoing(message.priority(), slot.channelId, header, chunks.get(i)));
        }
    }
}
