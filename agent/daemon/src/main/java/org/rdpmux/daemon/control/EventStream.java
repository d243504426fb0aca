// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon.control;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.rdpmux.control.ControlApi;
import org.rdpmux.control.EventReport;

/**
 * Sends events to a client as server-sent events, as fast as it takes them; one that is too slow for what is kept is told how
 * many it lost. Belongs to the control loop.
 */
final class EventStream {

    static final String LAST_EVENT_ID = "last-event-id";

    private final EventLog log;
    private final Channel client;
    /** Of the next event to send. */
    private long cursor;

    EventStream(EventLog log, Channel client) {
        this.log = log;
        this.client = client;
    }

    /** @param number of the first event; 0 if it is not known */
    void begin(long number) {
        cursor = number;
        HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
        head.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, ControlApi.EVENT_STREAM)
                .set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED)
                .set(HttpHeaderNames.CACHE_CONTROL, "no-store");
        client.writeAndFlush(head);
        pump();
    }

    /** Sends what there is and the client takes. */
    void pump() {
        boolean written = false;
        for (Optional<EventReport> event = next(); event.isPresent(); event = next()) {
            cursor = log.after(event.get());
            client.write(new DefaultHttpContent(Unpooled.wrappedBuffer(text(event.get()))));
            written = true;
        }
        if (written) {
            client.flush();
        }
    }

    private Optional<EventReport> next() {
        return client.isWritable() ? log.at(cursor) : Optional.empty();
    }

    private static byte[] text(EventReport event) {
        return ("id: " + event.id() + "\nevent: " + event.event() + "\ndata: " + ControlApi.toJson(event) + "\n\n")
                .getBytes(StandardCharsets.UTF_8);
    }

    void close() {
        log.remove(this);
    }
}
