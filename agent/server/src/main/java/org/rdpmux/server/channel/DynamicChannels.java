// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.channel;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.rdpmux.pdu.Pdu;
import org.rdpmux.pdu.PduException;
import org.rdpmux.pdu.dvc.Capabilities;
import org.rdpmux.pdu.dvc.CapabilitiesResponse;
import org.rdpmux.pdu.dvc.Close;
import org.rdpmux.pdu.dvc.CreateRequest;
import org.rdpmux.pdu.dvc.CreateResponse;
import org.rdpmux.pdu.dvc.Data;
import org.rdpmux.pdu.dvc.DataCompressed;
import org.rdpmux.pdu.dvc.DataFirst;
import org.rdpmux.pdu.dvc.DataFirstCompressed;
import org.rdpmux.pdu.dvc.DynamicChannelPdu;

/**
 * One client's dynamic virtual channels: the DVC server manager of [MS-RDPEDYC] 3.3. It offers a version, creates its channels
 * once the client has answered, and passes messages between them and the client. A client that never answers is left without;
 * one that does not have a channel, too. Used by one thread.
 *
 * <p>What comes for a channel that is not open is passed over: it was under way when this end closed the channel, or nobody
 * knows what it was for. Data that breaks the rules closes its channel.
 */
public final class DynamicChannels implements StaticEndpoint {

    /**
     * Version 3 would allow the client to compress what it sends, and adds nothing else; some clients do not answer it.
     */
    private static final int OFFERED_VERSION = Capabilities.VERSION2;

    /** How long a client may take to answer. Graphical clients take seconds while they set up their window. */
    static final long ANSWER_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** Clients put each PDU into one chunk, but a longer one is as well defined. */
    private static final int MAX_PDU = 16 << 10;

    private static final String DATA = "DYNVC_DATA";

    private enum Phase {
        /** Nothing was sent yet. */
        NEW,
        /** The version was offered and not answered yet. */
        OFFERED,
        READY,
        /** The client has not answered in time, or the static channel has ended. */
        OFF
    }

    private enum State {
        REQUESTED,
        OPEN,
        /** Not answered in time. An answer may come yet. */
        GIVEN_UP
    }

    /** One channel, from its create request until it is closed. */
    private static final class Instance {
        final long id;
        final Channel channel;
        final Reassembly reassembly;
        final long deadline;
        State state = State.REQUESTED;

        Instance(long id, Channel channel, ReassemblyBudget budget, long deadline) {
            this.id = id;
            this.channel = channel;
            this.reassembly = new Reassembly(channel::maxMessage, budget, DATA);
            this.deadline = deadline;
        }
    }

    private final List<Channel> channels;
    private final ReassemblyBudget budget;
    private final Consumer<String> log;
    /** By id. INVARIANT: no more than there are channels. */
    private final Map<Long, Instance> instances = new LinkedHashMap<>();

    private Phase phase = Phase.NEW;
    private long offerDeadline;

    /**
     * @param channels which to create, in this order
     * @param log is told of channels that fail
     */
    public DynamicChannels(List<Channel> channels, ReassemblyBudget budget, Consumer<String> log) {
        this.channels = List.copyOf(channels);
        this.budget = budget;
        this.log = log;
    }

    @Override
    public String name() {
        return DynamicChannelPdu.STATIC_CHANNEL;
    }

    @Override
    public int maxMessage() {
        return MAX_PDU;
    }

    @Override
    public List<Message> open(long now) {
        phase = Phase.OFFERED;
        offerDeadline = now + ANSWER_NANOS;
        return List.of(new Message(Priority.REALTIME, new Capabilities(OFFERED_VERSION, Priority.charges())));
    }

    @Override
    public List<Message> message(ByteBuf in, long now) {
        DynamicChannelPdu pdu = DynamicChannelPdu.decodeFromClient(in);
        if (phase == Phase.OFFERED && pdu instanceof CapabilitiesResponse response) {
            return create(response.version(), now);
        }
        return phase == Phase.READY ? dispatch(pdu, in, now) : List.of();
    }

    private List<Message> create(int clientVersion, long now) {
        phase = Phase.READY;
        boolean hasPriorities = Math.min(clientVersion, OFFERED_VERSION) >= Capabilities.VERSION2;
        List<Message> requests = new ArrayList<>();
        for (Channel channel : channels) {
            Instance instance = new Instance(instances.size() + 1L, channel, budget, now + ANSWER_NANOS);
            instances.put(instance.id, instance);
            int priority = hasPriorities ? channel.priority().classNumber() : 0;
            requests.add(message(instance, new CreateRequest(instance.id, priority, channel.name())));
        }
        return requests;
    }

    private List<Message> dispatch(DynamicChannelPdu pdu, ByteBuf data, long now) {
        if (pdu instanceof Data part) {
            return onData(opened(part.channelId()), data, now);
        } else if (pdu instanceof DataFirst first) {
            return onDataFirst(opened(first.channelId()), first.length(), data, now);
        } else if (pdu instanceof CreateResponse response) {
            return onCreated(instances.get(response.channelId()), response, now);
        } else if (pdu instanceof Close close) {
            return onClose(instances.get(close.channelId()));
        } else if (pdu instanceof DataCompressed part) {
            return onCompressed(opened(part.channelId()));
        } else if (pdu instanceof DataFirstCompressed first) {
            return onCompressed(opened(first.channelId()));
        }
        return List.of(); // a second answer to the offer, or Soft-Sync, which was not asked for
    }

    /** The instance with this id, if it is open; otherwise null. */
    private Instance opened(long id) {
        Instance instance = instances.get(id);
        return instance != null && instance.state == State.OPEN ? instance : null;
    }

    private List<Message> onCreated(Instance instance, CreateResponse response, long now) {
        if (instance == null || instance.state == State.OPEN) {
            return List.of();
        }
        if (!response.isSuccess()) {
            boolean told = instance.state == State.GIVEN_UP;
            instances.remove(instance.id);
            if (!told) {
                instance.channel.close();
            }
            return List.of();
        }
        if (instance.state == State.GIVEN_UP) {
            instances.remove(instance.id);
            return List.of(message(instance, new Close(instance.id)));
        }
        instance.state = State.OPEN;
        return messages(instance, instance.channel.open(now));
    }

    private List<Message> onData(Instance instance, ByteBuf data, long now) {
        if (instance == null) {
            return List.of();
        }
        try {
            if (!instance.reassembly.isBegun()) {
                instance.reassembly.begin(data.readableBytes());
            }
            return append(instance, data, now);
        } catch (PduException e) {
            return fail(instance, e.getMessage());
        }
    }

    private List<Message> onDataFirst(Instance instance, long length, ByteBuf data, long now) {
        if (instance == null) {
            return List.of();
        }
        try {
            instance.reassembly.begin(length);
            return append(instance, data, now);
        } catch (PduException e) {
            return fail(instance, e.getMessage());
        }
    }

    private List<Message> append(Instance instance, ByteBuf data, long now) {
        ByteBuf message = instance.reassembly.append(data);
        return message == null ? List.of() : messages(instance, instance.channel.message(message, now));
    }

    private List<Message> onCompressed(Instance instance) {
        return instance == null ? List.of() : fail(instance, "compressed data, which was not offered");
    }

    /** A client's close is not answered (3.3.5.2). */
    private List<Message> onClose(Instance instance) {
        if (instance != null) {
            end(instance);
        }
        return List.of();
    }

    private List<Message> fail(Instance instance, String reason) {
        log.accept("dynamic channel " + instance.channel.name() + " failed: " + reason);
        end(instance);
        return List.of(message(instance, new Close(instance.id)));
    }

    private void end(Instance instance) {
        instances.remove(instance.id);
        instance.reassembly.clear();
        if (instance.state != State.GIVEN_UP) {
            instance.channel.close();
        }
    }

    @Override
    public List<Message> send(Channel channel, Pdu message) {
        Instance instance = opened(channel);
        return instance == null ? List.of() : messages(instance, List.of(message));
    }

    @Override
    public OptionalLong dynamicId(Channel channel) {
        Instance instance = opened(channel);
        return instance == null ? OptionalLong.empty() : OptionalLong.of(instance.id);
    }

    /** The open instance of a channel; null if there is none. */
    private Instance opened(Channel channel) {
        for (Instance instance : instances.values()) {
            if (instance.channel == channel && instance.state == State.OPEN) {
                return instance;
            }
        }
        return null;
    }

    @Override
    public long nextDeadline() {
        if (phase == Phase.OFFERED) {
            return offerDeadline;
        }
        return instances.values().stream()
                .filter(instance -> instance.state == State.REQUESTED)
                .mapToLong(instance -> instance.deadline)
                .min()
                .orElse(StaticChannels.NEVER);
    }

    @Override
    public List<Message> tick(long now) {
        if (phase == Phase.OFFERED && now - offerDeadline >= 0) {
            log.accept("no dynamic channels: the client does not say which version it knows");
            phase = Phase.OFF;
            channels.forEach(Channel::close);
        }
        for (Instance instance : instances.values()) {
            if (instance.state == State.REQUESTED && now - instance.deadline >= 0) {
                log.accept("dynamic channel " + instance.channel.name() + " was not answered");
                instance.state = State.GIVEN_UP;
                instance.channel.close();
            }
        }
        return List.of();
    }

    @Override
    public void close() {
        if (phase == Phase.NEW || phase == Phase.OFFERED) {
            channels.forEach(Channel::close);
        }
        phase = Phase.OFF;
        List.copyOf(instances.values()).forEach(this::end);
    }

    private static List<Message> messages(Instance instance, List<Pdu> pdus) {
        List<Message> messages = new ArrayList<>();
        for (Pdu pdu : pdus) {
            int size = pdu.size();
            if (size <= DynamicChannelPdu.MAX_DATA) {
                messages.add(message(instance, new WithData(new Data(instance.id), pdu)));
                continue;
            }
            DynamicChannelPdu header = new DataFirst(instance.id, size);
            for (Pdu part : Part.cut(pdu, DynamicChannelPdu.MAX_DATA)) {
                messages.add(message(instance, new WithData(header, part)));
                header = new Data(instance.id);
            }
        }
        return messages;
    }

    private static Message message(Instance instance, Pdu pdu) {
        return new Message(instance.channel.priority(), pdu);
    }

    /** A PDU that carries data, with its data. */
    private record WithData(DynamicChannelPdu header, Pdu data) implements Pdu {

        @Override
        public int size() {
            return header.size() + data.size();
        }

        @Override
        public void encode(ByteBuf out) {
            header.encode(out);
            data.encode(out);
        }
    }
}
