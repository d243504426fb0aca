// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon.control;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpHeaders;
import java.time.Clock;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.rdpmux.control.EventReport;
import org.rdpmux.daemon.endpoint.ConsoleId;
import org.rdpmux.daemon.event.AgentEvent;
import org.rdpmux.daemon.event.AgentEvents;
import org.rdpmux.daemon.event.Subscription;
import org.rdpmux.daemon.service.Service;

/**
 * The newest events, numbered, for clients of the control API. All clients read the same ones, each from where it is; nothing
 * is kept for one of them. Belongs to the control loop, but for {@link #start} and {@link #close}.
 */
public final class EventLog implements AgentEvents.Subscriber, Service {

    /** So long can a client be away: a restart of a hundred guests. */
    static final int KEPT = 1024;

    /** Each costs a connection and what it is behind with, 64 kB at most. */
    static final int MAX_STREAMS = 16;

    /** Waiting for the control loop. More than the events of a thousand domains that are found at once. */
    private static final int CAPACITY = 4096;

    private final AgentEvents events;
    private final Executor loop;
    private final Clock clock;
    /** Tells this life of the agent from others. */
    private final String life;

    /** By number, modulo their count. */
    private final EventReport[] kept = new EventReport[KEPT];
    /** Of the consoles that there are. */
    private final Map<ConsoleId, String> names = new HashMap<>();

    private final Set<EventStream> streams = new LinkedHashSet<>();
    /** Of the next event. */
    private long next = 1;

    private volatile Subscription subscription;

    /** @param loop runs one task after the other, on the thread that asks for events */
    public EventLog(AgentEvents events, Executor loop, Clock clock) {
        this.events = events;
        this.loop = loop;
        this.clock = clock;
        this.life = Long.toString(clock.millis(), Character.MAX_RADIX);
    }

    @Override
    public void start() {
        subscription = events.subscribe(CAPACITY, loop, this);
    }

    @Override
    public void close() {
        subscription.close();
    }

    @Override
    public void received(AgentEvent event) {
        if (event instanceof AgentEvent.ConsoleAppeared appeared) {
            names.put(appeared.console(), appeared.name());
        } else if (event instanceof AgentEvent.ConsoleChanged changed) {
            names.put(changed.console(), changed.name());
        }
        String name = event instanceof AgentEvent.OfConsole of
                ? names.getOrDefault(of.console(), of.console().toString())
                : "";
        add(stamp -> EventReports.report(stamp, event, name));
        if (event instanceof AgentEvent.ConsoleGone gone) {
            names.remove(gone.console());
        }
    }

    @Override
    public void lost(long count) {
        add(stamp -> EventReports.lost(stamp, count));
    }

    private void add(Function<EventReports.Stamp, EventReport> event) {
        kept[(int) (next % KEPT)] = event.apply(new EventReports.Stamp(id(next), clock.instant()));
        next++;
        List.copyOf(streams).forEach(EventStream::pump); // one that fails may leave at once
    }

    private String id(long number) {
        return life + "-" + number;
    }

    /**
     * Begins to send events.
     *
     * @param fields of the request, which may name the last event that the client knows
     * @return empty if there are too many streams
     */
    Optional<EventStream> stream(Channel client, HttpHeaders fields) {
        if (streams.size() == MAX_STREAMS) {
            return Optional.empty();
        }
        EventStream stream = new EventStream(this, client);
        streams.add(stream);
        stream.begin(cursor(fields.get(EventStream.LAST_EVENT_ID, "")));
        return Optional.of(stream);
    }

    void remove(EventStream stream) {
        streams.remove(stream);
    }

    /** The number of the event after the one that a client knows; 0 if that is of another life. */
    private long cursor(String lastId) {
        if (lastId.isEmpty()) {
            return next;
        }
        if (!lastId.matches("[0-9a-z]{1,13}-[0-9]{1,18}") || !lastId.startsWith(life + "-")) {
            return 0;
        }
        long known = Long.parseLong(lastId.substring(life.length() + 1));
        return known < next ? known + 1 : 0;
    }

    /**
     * An event.
     *
     * @param number 1 or more; 0 if it is not known which is the first that a client lacks
     * @return if it is not kept any more, one that says how many are lost; empty if it is still to come
     */
    Optional<EventReport> at(long number) {
        long first = Math.max(1, next - KEPT);
        if (number >= first) {
            return number < next ? Optional.of(kept[(int) (number % KEPT)]) : Optional.empty();
        }
        EventReports.Stamp stamp = new EventReports.Stamp(id(first - 1), clock.instant());
        return Optional.of(EventReports.lost(stamp, number == 0 ? -1 : first - number));
    }

    /** The number of the event after this one. */
    long after(EventReport event) {
        return Long.parseLong(event.id().substring(life.length() + 1)) + 1;
    }
}
